"""One mutation, one unit of work, done once whatever its key is repeated."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.graphql.writes import Update, Write, Writer
from services.deals.commands import known, merging
from services.deals.model import IDEMPOTENCY
from services.deals.values.references import Reference

__all__ = ["GIVEN", "Update", "Write", "given", "once", "written"]


class HasReferences(Protocol):
    """What every command is given."""

    @property
    def references(self) -> Sequence[Reference]:
        """Ids of the contacts service's things."""


GIVEN = strawberry.argument(description="What to write.")
Asked = TypeVar("Asked", bound=HasReferences, contravariant=True)
Command = Callable[[UnitOfWork, Asked], Awaitable[UUID]]


async def _await_copies(info: Info, references: Sequence[Reference]) -> None:
    await known.await_copies(info.context.database, info.context.actor.organization, references)


_WRITER = Writer(IDEMPOTENCY, known.check_caller, ready=_await_copies)


async def once(info: Info, input: Write, command: Command[Asked], order: Asked) -> UUID:
    """Run a command in the caller's unit of work, and give the id of what it made or changed.

    With an idempotency key that was used before, give what it made then. Raises DomainError; nothing is written then.
    """

    async def act(work: UnitOfWork) -> UUID:
        merged = await known.require(work, order.references)
        made = await command(work, order)
        for reference, winner in merged.items():
            if reference.kind != "collaborator" and reference.kind != "team":
                await merging.follow(work, reference.kind, reference.id, winner)
        return made

    return await _WRITER.once(info, input, act, order.references)


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
