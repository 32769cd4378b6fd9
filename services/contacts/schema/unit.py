"""One mutation, one unit of work, done once whatever its key is repeated."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.exc import IntegrityError
from strawberry import UNSET

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.idempotency import Once
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts.commands.loading import check_caller
from services.contacts.errors import of_constraint

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


async def once(info: Info, input: Write, act: Act) -> UUID:
    """Run a command in the caller's unit of work, and give the id of what it made or changed.

    With an idempotency key that was used before, give what it made then. Raises DomainError; nothing is written then.
    """
    content = [info.field_name, strawberry.asdict(input)]
    # What an earlier mutation of the same request read is answered: a request never holds two connections.
    await info.context.read.release()
    try:
        async with info.context.unit_of_work() as work:
            use = Once(work, model.idempotency, input.idempotency_key, content)
            await check_caller(work)
            made = await use.made_before()
            if made is None:
                made = await act(work)
                await use.made(made)
    except IntegrityError as error:
        if refusal := of_constraint(error):
            raise refusal from error
        raise
    info.context.forget()
    return made


def field(description: str) -> Any:
    """An input's field that may be absent."""
    return strawberry.field(default=UNSET, description=description)


def parsed(value: Any, parse: Callable[[str, str], Any], name: str) -> Any:
    """What a parser makes of a field's value; null and absent stay what they are. Raises InvalidInput."""
    return value if value is UNSET or value is None else parse(value, name)


def required(value: Any, parse: Callable[[str, str], Any], name: str) -> Any:
    """Like `parsed`, of a field that can be absent but not null. Raises InvalidInput."""
    if value is None:
        raise InvalidInput(name, "It can be changed, not taken away.")
    return parsed(value, parse, name)


def parsed_id(value: Any, kind: str, name: str) -> Any:
    """The UUID of a reference; null and absent stay what they are. Raises InvalidId."""
    return parsed(value, lambda text, name: parse_id(kind, text, name), name)


def parsed_moment(value: datetime | None, name: str) -> Any:
    """A moment, or null or absent. Raises InvalidInput for one without an offset."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise InvalidInput(name, "Give the moment with its offset, as in 2026-11-24T09:00:00+01:00.")
    return value


def given(**values: Any) -> dict[str, Any]:
    """The values that an update's input named; the others stay as they are."""
    return {name: value for name, value in values.items() if value is not UNSET}
