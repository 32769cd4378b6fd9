"""Messages that a service gave up on, for administrators."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.dead_letters import KEPT, original_headers, said
from chassis.errors import NotFound
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors, Error, register
from chassis.graphql.filters import (
    ChoiceFilter,
    Conditions,
    DateTimeFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.graphql.rules import reading, writing
from chassis.graphql.writes import Update
from chassis.identifiers import format_id, parse_id
from services.notifier.dead_letters import commands
from services.notifier.dead_letters.model import DeadLetterRow, DeadLetterState
from services.notifier.permissions import Rule
from services.notifier.queries import Found
from services.notifier.schema.types import Collaborator
from services.notifier.schema.unit import once

_TABLE = DeadLetterRow.__table__.c
_PLAIN = ("consumer", "sender", "message_id", "type", "subject", "error", "deaths", "version")
_MOMENTS = ("written_at", "died_at", "settled_at")

described(
    DeadLetterState,
    "What became of a dead letter.",
    WAITING="Nobody did anything about it.",
    REPLAYED="Sent again; given up on again, it waits once more.",
    DISCARDED="Nothing is to be done about it; it can still be sent again.",
)


@register
@strawberry.type(description="Its sender does not keep it any more: your operators can send it from the command line.")
class DeadLetterTooOld(Error):
    """See dead_letters.errors.DeadLetterTooOld."""


@strawberry.type(description="A header of a message.")
class MessageHeader:
    """Name and value."""

    name: str = strawberry.field(description="Its name, such as `ce-type`.")
    value: str = strawberry.field(description="Its value.")


@strawberry.type(description="A message between the services that one of them gave up on.")
class DeadLetter:
    """See dead_letters.model.DeadLetterRow."""

    id: strawberry.ID = strawberry.field(description="Its TypeID.")
    consumer: str = strawberry.field(description="The service that gave up.")
    sender: str = strawberry.field(description="The service that wrote it; empty where that is not known.")
    message_id: str = strawberry.field(description="Its `ce-id`: the same wherever it went.")
    type: str = strawberry.field(description="Its protobuf name, such as `liant.deals.v1.EventCreated`.")
    subject: str = strawberry.field(description="Under which it was published.")
    about_id: strawberry.ID | None = strawberry.field(description="The TypeID of what it tells of.")
    error: str = strawberry.field(description="Why it was given up on: the last failure.")
    attempts: int | None = strawberry.field(description="How many times it was tried before that.")
    deaths: int = strawberry.field(description="How many times it was given up on.")
    headers: list[MessageHeader] = strawberry.field(description="Those it was sent with, by name.")
    body: str = strawberry.field(description="What it says, as JSON; or why it cannot be read.")
    written_at: datetime = strawberry.field(description="When it was written.")
    died_at: datetime = strawberry.field(description="When it was given up on.")
    replayable_until: datetime | None = strawberry.field(
        description="Until when its sender can send it again; null where it never could."
    )
    state: DeadLetterState = strawberry.field(description="What became of it.")
    settled_at: datetime | None = strawberry.field(description="When it was sent again or discarded.")
    settled_by: Collaborator | None = strawberry.field(
        description="By whom; null where it was from the command line, or is not settled."
    )
    version: int = strawberry.field(description="Grows with each change.")

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        by_id, tries = row.settled_by_id, row.headers.get("liant-deliveries")
        return cls(
            id=strawberry.ID(format_id("dead_letter", row.id)),
            about_id=strawberry.ID(row.aggregate) if row.aggregate else None,
            attempts=int(tries) if tries else None,
            headers=[
                MessageHeader(name=name, value=value) for name, value in sorted(original_headers(row.headers).items())
            ],
            body=said(row.type, row.payload),
            replayable_until=row.written_at + KEPT if row.sender else None,
            state=DeadLetterState(row.state),
            settled_by=Collaborator(id=strawberry.ID(format_id("collaborator", by_id))) if by_id else None,
            **{name: getattr(row, name) for name in (*_PLAIN, *_MOMENTS)},
        )

    @classmethod
    async def found(cls, info: Info, id: UUID) -> Self | None:
        """By id, within the caller's organization."""
        rows = await info.context.read.rows(select(DeadLetterRow.__table__).where(_TABLE.id == id))
        return cls.of(rows[0]) if rows else None


@strawberry.input(description="Which dead letters. All the conditions given must hold.")
class DeadLetterFilter:
    """See _CONDITIONS."""

    id: IdFilter | None = condition("Which one.")
    consumer: StringFilter | None = condition("The service that gave up.")
    sender: StringFilter | None = condition("The service that wrote it.")
    message_id: StringFilter | None = condition("Its `ce-id`.")
    type: StringFilter | None = condition("Its protobuf name.")
    about_id: StringFilter | None = condition("The TypeID of what it tells of.")
    error: StringFilter | None = condition("The last failure.")
    deaths: IntFilter | None = condition("How many times it was given up on.")
    state: ChoiceFilter[DeadLetterState] | None = condition("What became of it.")
    written_at: DateTimeFilter | None = condition("When it was written.")
    died_at: DateTimeFilter | None = condition("When it was given up on.")
    and_: list["DeadLetterFilter"] | None = condition("All of these hold.", name="and")
    or_: list["DeadLetterFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "DeadLetterFilter | None" = condition("This does not hold.", name="not")


class DeadLetterOrderField(StrEnum):
    """See COLUMNS."""

    DIED_AT = "died_at"
    WRITTEN_AT = "written_at"
    TYPE = "type"
    CONSUMER = "consumer"


described(
    DeadLetterOrderField,
    "What dead letters can be ordered by.",
    DIED_AT="When it was given up on.",
    WRITTEN_AT="When it was written.",
    TYPE="Its protobuf name.",
    CONSUMER="The service that gave up.",
)
COLUMNS: Columns = {each: (_TABLE[each.value], False) for each in DeadLetterOrderField}


@strawberry.input(description="One term of an order of dead letters.")
class DeadLetterOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: DeadLetterOrderField = strawberry.field(description="By what.")


_NAMES = ("consumer", "sender", "message_id", "type", "error", "deaths", "state", "written_at", "died_at")
_CONDITIONS: Conditions = {
    "id": by(_TABLE.id, "dead_letter"),
    "about_id": by(_TABLE.aggregate),
    **{name: by(_TABLE[name]) for name in _NAMES},
}
DEAD_LETTERS = Listing(
    select(DeadLetterRow.__table__), _TABLE.id, DeadLetter.of, lambda filter: where(filter, _CONDITIONS), COLUMNS
)


@strawberry.type
class DeadLetterQueries:
    """Fields of Query."""

    dead_letters = list_field(
        lambda: DEAD_LETTERS,
        DeadLetter,
        filter=DeadLetterFilter,
        order=DeadLetterOrder,
        description="Messages of your organization that a service gave up on: what they tell is missing there.",
        extensions=reading(Rule.READ_DEAD_LETTERS),
    )

    @strawberry.field(
        description="One dead letter, or null where there is none of that id in your organization.",
        extensions=reading(Rule.READ_DEAD_LETTERS),
    )
    async def dead_letter(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> DeadLetter | None:
        """By id."""
        return await DeadLetter.found(info, parse_id("dead_letter", id))


@strawberry.input(description="Which dead letter.")
class DeadLetterInput(Update):
    """By id."""


DeadLetterResult = Annotated[
    DeadLetter | DeadLetterTooOld | CommonErrors,
    strawberry.union("DeadLetterResult", description="The dead letter, or why nothing was done."),
]
Settle = Callable[[UnitOfWork, UUID, int | None], Awaitable[UUID]]


async def _settled(info: Info, input: DeadLetterInput, settle: Settle) -> DeadLetter:
    id = parse_id("dead_letter", input.id)

    async def act(work: UnitOfWork) -> UUID:
        return await settle(work, id, input.expected_version)

    found = await DeadLetter.found(info, await once(info, input, act))
    if found is None:
        raise NotFound("dead_letter", id)
    return found


Which = Annotated[DeadLetterInput, strawberry.argument(description="Which one.")]


@strawberry.type
class DeadLetterMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Send a dead letter again, as it was: services that had handled it drop it, the one that gave up "
        "tries once more.",
        extensions=writing(Rule.SETTLE_DEAD_LETTERS),
    )
    async def replay_dead_letter(self, info: Info, input: Which) -> DeadLetterResult:
        """See commands.replay."""
        return await _settled(info, input, commands.replay)

    replay_dead_letters = batch_of(replay_dead_letter, "replay_dead_letters", "Send several dead letters again.")

    @strawberry.mutation(
        description="Let a dead letter be: nothing is to be done about it.",
        extensions=writing(Rule.SETTLE_DEAD_LETTERS),
    )
    async def discard_dead_letter(self, info: Info, input: Which) -> DeadLetterResult:
        """See commands.discard."""
        return await _settled(info, input, commands.discard)

    discard_dead_letters = batch_of(discard_dead_letter, "discard_dead_letters", "Let several dead letters be.")
