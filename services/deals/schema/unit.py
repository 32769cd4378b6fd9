"""One mutation, one unit of work, done once whatever its key is repeated."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.idempotency import Once
from services.deals.commands import known
from services.deals.model import IDEMPOTENCY
from services.deals.values.references import Reference


class HasReferences(Protocol):
    """What every command is given."""

    @property
    def references(self) -> Sequence[Reference]:
        """Ids of the contacts service's things."""


GIVEN = strawberry.argument(description="What to write.")
Asked = TypeVar("Asked", bound=HasReferences, contravariant=True)
Command = Callable[[UnitOfWork, Asked], Awaitable[UUID]]


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


async def once(info: Info, input: Write, command: Command[Asked], order: Asked) -> UUID:
    """Run a command in the caller's unit of work, and give the id of what it made or changed.

    With an idempotency key that was used before, give what it made then. Raises DomainError; nothing is written then.
    """
    content = [info.field_name, strawberry.asdict(input)]
    # What admitted the caller, or an earlier mutation read, is answered: a request never holds two connections.
    await info.context.read.release()
    await known.await_copies(info.context.database, info.context.actor.organization, order.references)
    async with info.context.unit_of_work() as work:
        await known.check_caller(work)
        use = Once(work, IDEMPOTENCY, input.idempotency_key, content)
        made = await use.made_before()
        if made is None:
            await known.require(work, order.references)
            made = await command(work, order)
            await use.made(made)
    info.context.forget()
    return made


class Node(Protocol):
    """A GraphQL type that is loaded by its id."""

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """The node of an id, if there is one."""


Made = TypeVar("Made", bound=Node)


async def written(info: Info, input: Write, command: Command[Asked], order: Asked, kind: type[Made]) -> Made:
    """What a command made or changed, as it is now. Raises DomainError; nothing is written then."""
    node = await kind.load(info, await once(info, input, command, order))
    if node is None:
        raise RuntimeError(f"{info.field_name} wrote something that is not there")
    return node


def given(**values: Any) -> dict[str, Any]:
    """The values that an update's input named; the others stay as they are."""
    return {name: value for name, value in values.items() if value is not strawberry.UNSET}
