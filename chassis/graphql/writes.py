"""One mutation, one unit of work, done once whatever its key is repeated; several of one kind as a batch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from chassis.database import UnitOfWork
from chassis.errors import BatchAborted, DomainError, InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import to_graphql
from chassis.graphql.limits import limits
from chassis.idempotency import Once

Act = Callable[[UnitOfWork], Awaitable[UUID]]


@strawberry.input(description="What every write takes.")
class Write:
    """Base of the inputs that write."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Your own key for this write, kept 24 hours: repeating it with the same content changes nothing.",
    )


@strawberry.input(description="What every update takes.")
class Update(Write):
    """Base of the inputs that change something."""

    id: strawberry.ID = strawberry.field(description="What to change.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the update is refused if there is a newer one."
    )


async def _nothing(_: Info, __: Sequence[Any]) -> None:
    pass


@dataclass(frozen=True)
class Writer:
    """How a service's mutations write.

    `check_caller` raises where the caller may write no more; `refusal` names what a broken constraint stands for;
    `ready` is awaited before a transaction begins, with what the writes said that they need.
    """

    idempotency: Table
    check_caller: Callable[[UnitOfWork], Awaitable[None]]
    refusal: Callable[[IntegrityError], DomainError | None] = lambda _: None
    ready: Callable[[Info, Sequence[Any]], Awaitable[None]] = _nothing

    async def once(self, info: Info, input: Write, act: Act, needs: Sequence[Any] = ()) -> UUID:
        """Run a command in the caller's unit of work, and give the id of what it made or changed.

        With an idempotency key that was used before, give what it made then; within a batch, in the batch's unit of
        work. Raises DomainError; nothing is written then.
        """
        if (item := _item.get()) is not None:
            return await item.put(self, input, act, needs)
        content = [info.field_name, strawberry.asdict(input)]
        # What the request read until now is answered: it never holds two connections.
        await info.context.read.release()
        await self.ready(info, needs)
        try:
            async with info.context.unit_of_work() as work:
                work.cause = f"mutation {info.field_name}"
                await self.check_caller(work)
                made = await self.act(work, act, input.idempotency_key, content)
        except IntegrityError as error:
            raise self._refused(error) from error
        info.context.wrote(made)
        return made

    async def act(self, work: UnitOfWork, act: Act, key: str | None, content: object) -> UUID:
        """What was made, now or when the key was used first."""
        use = Once(work, self.idempotency, key, content)
        made = await use.made_before()
        if made is None:
            made = await act(work)
            await use.made(made)
        return made

    async def act_alone(self, work: UnitOfWork, act: Act, key: str | None, content: object) -> UUID | DomainError:
        """Like `act`, in a savepoint: what is refused leaves nothing behind."""
        try:
            async with work.session.begin_nested():
                return await self.act(work, act, key, content)
        except DomainError as refused:
            return refused
        except IntegrityError as error:
            refusal = self._refused(error)
            if isinstance(refusal, DomainError):
                return refusal
            raise

    def _refused(self, error: IntegrityError) -> Exception:
        return self.refusal(error) or error


@dataclass(eq=False)
class Item:
    """One item of a batch: its mutation runs as if it were alone, but waits here for the batch's unit of work."""

    place: int
    name: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: asyncio.Future[UUID] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    writer: Writer | None = None
    act: Act | None = None
    needs: Sequence[Any] = ()
    key: str | None = None
    content: object = None
    found: UUID | DomainError | None = None

    async def put(self, writer: Writer, input: Write, act: Act, needs: Sequence[Any]) -> UUID:
        """Hand over what is to be written, and wait for it to be committed. Raises DomainError."""
        self.writer, self.act, self.needs, self.key = writer, act, needs, input.idempotency_key
        self.content = [self.name, strawberry.asdict(input)]
        self.reached.set()
        return await self.outcome

    async def run(self, mutation: Awaitable[Any]) -> Any:
        """The mutation's result, as a value of its union even where it is refused."""
        _item.set(self)
        try:
            return await mutation
        except DomainError as refused:
            self.found = refused
            value = to_graphql(refused)
            value.path = ["items", str(self.place), *value.path]
            return value
        finally:
            self.reached.set()


_item: ContextVar[Item | None] = ContextVar("item", default=None)


@dataclass(frozen=True)
class Batch:
    """Several writes of one kind in one unit of work, each in a savepoint of its own."""

    info: Info
    all_or_none: bool
    key: str | None
    content: object

    async def run(self, name: str, mutations: Sequence[Awaitable[Any]]) -> list[Any]:
        """The result of each, in order. Raises DomainError where the batch itself is refused."""
        items = [Item(place, name) for place in range(len(mutations))]
        tasks = [asyncio.create_task(item.run(each)) for item, each in zip(items, mutations, strict=True)]
        try:
            await asyncio.gather(*(item.reached.wait() for item in items))
            await self._write([item for item in items if item.act is not None], items)
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _write(self, waiting: list[Item], items: list[Item]) -> None:
        if waiting and (writer := waiting[0].writer) is not None:
            await self.info.context.read.release()
            await writer.ready(self.info, [need for item in waiting for need in item.needs])
            try:
                await self._commit(writer, waiting, items)
            except BatchAborted as aborted:
                for item in waiting:
                    if not isinstance(item.found, DomainError):
                        item.found = aborted
            self.info.context.wrote(*(item.found for item in waiting if isinstance(item.found, UUID)))
        for item in waiting:
            if isinstance(item.found, UUID):
                item.outcome.set_result(item.found)
            elif item.found is not None:
                item.outcome.set_exception(item.found)

    async def _commit(self, writer: Writer, waiting: list[Item], items: list[Item]) -> None:
        async with self.info.context.unit_of_work() as work:
            work.cause = f"mutation {self.info.field_name}"
            await writer.check_caller(work)
            await Once(work, writer.idempotency, self.key, self.content).made_before()
            for item in waiting:
                if item.act is not None:
                    item.found = await writer.act_alone(work, item.act, self._key(item), item.content)
            if self.all_or_none and (refused := [item.place for item in items if isinstance(item.found, DomainError)]):
                raise BatchAborted(refused[0])

    def _key(self, item: Item) -> str | None:
        """An item's own key, else one made of the batch's: what was refused is tried again with it, the rest is not."""
        if item.key is not None or self.key is None:
            return item.key
        return f"{sha256(self.key.encode()).hexdigest()}#{item.place}"


def check_batch(count: int) -> None:
    """Raise InvalidInput for more items than a batch takes."""
    if count > limits().batch:
        raise InvalidInput("items", f"A batch has at most {limits().batch} items: send several.")
