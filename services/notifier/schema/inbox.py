"""The inbox: what one was told and is not done with; and why one was told of something, or was not."""

from collections.abc import AsyncGenerator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, func, select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import ChoiceFilter, Clauses, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.following import ServedByTheGateway
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.graphql.rules import reading, writing
from chassis.identifiers import format_id, new_id, parse_id
from services.notifier.inbox import commands
from services.notifier.inbox.explaining import Outcome, explanation
from services.notifier.inbox.titles import title_of
from services.notifier.model import CauseKind, NotifierBase
from services.notifier.permissions import Rule
from services.notifier.schema import loading
from services.notifier.schema.enums import Category, InboxState, Reason
from services.notifier.schema.preferences import Whom, readable
from services.notifier.schema.types import Alert, Comment, Delivery, Event, Quote
from services.notifier.schema.unit import Write, once

ITEM = NotifierBase.metadata.tables["inbox_item"].c

described(
    Outcome,
    "What became of telling somebody of something.",
    name="TellingOutcome",
    TOLD="It was mailed, alone or in a digest.",
    WAITING="It will be mailed: see `nextAttemptAt` and `notSentBecause` of the delivery, or its `digest`.",
    NOT_TOLD="It concerns them, and was not mailed: `because` says why.",
    AUTHOR="They wrote it themselves: nobody is told of what they do.",
    NOT_CONCERNED="It was told, and nothing ties them to it.",
    UNKNOWN="Nothing was told of it to anybody.",
)


@strawberry.federation.type(keys=["id"], description="Something that you are told of, as you were told of it last.")
class InboxItem:
    """See inbox.model.InboxItem."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `inbox_item_…`.")
    category: Category = strawberry.field(description="What one chooses about.")
    topic: str | None = strawberry.field(description="What it is grouped by: an alert's rule.")
    reasons: list[Reason] = strawberry.field(description="Every reason why you are told.")
    revision: int = strawberry.field(description="Which change of it you were told last.")
    state: InboxState = strawberry.field(description="What you have done with it.")
    created_at: datetime = strawberry.field(description="When it came.")
    told_at: datetime = strawberry.field(description="When it changed last, and became unread again.")
    read_at: datetime | None = strawberry.field(description="When you read it.")
    done_at: datetime | None = strawberry.field(description="When you, or the thing itself, were done.")
    done_because: str | None = strawberry.field(
        description="`READER` for you; else what happened to it: TAKEN_IN_CHARGE, RESOLVED, CLOSED, DELETED…"
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The type of a row."""
        same = ("topic", "revision", "created_at", "told_at", "read_at", "done_at", "done_because")
        return cls(
            row=row,
            id=strawberry.ID(format_id("inbox_item", row.id)),
            category=Category(row.category),
            reasons=[Reason(reason) for reason in row.reasons],
            state=InboxState(row.state),
            **{name: getattr(row, name) for name in same},
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """One of the asker's own."""
        mine = ITEM.collaborator_id == info.context.actor.collaborator
        row = await info.context.read.first(select(*ITEM).where(ITEM.id == parse_id("inbox_item", id), mine))
        return cls.of(row) if row else None

    @strawberry.field(description="What it says in a line, in your language; empty where it is no more.")
    async def title(self, info: Info) -> str:
        """Gathered for the whole page."""
        told = await info.context.load(loading.told_in_inbox, self.row.id)
        return title_of(CauseKind(told.cause_kind), told.content, told.locale) if told else ""

    @strawberry.field(description="The event, if it is one.")
    def event(self) -> Event | None:
        """By key: deals owns it."""
        return Event(id=self._cause()) if self._thing() == CauseKind.EVENT.value else None

    @strawberry.field(description="The alert, if it is one.")
    def alert(self) -> Alert | None:
        """By key: deals owns it."""
        return Alert(id=self._cause()) if self._thing() == CauseKind.ALERT.value else None

    @strawberry.field(description="The quote that was answered, if it is one.")
    def quote(self) -> Quote | None:
        """By key: deals owns it."""
        return Quote(id=self._cause()) if self._thing() == CauseKind.QUOTE.value else None

    @strawberry.field(description="The comment, if it is one.")
    def comment(self) -> Comment | None:
        """By key: deals owns it."""
        return Comment(id=self._cause()) if self._thing() == CauseKind.COMMENT.value else None

    @strawberry.field(description="The id of what it is about, of whatever kind.")
    def subject_id(self) -> strawberry.ID:
        """For `whyTold`."""
        return self._cause()

    def _thing(self) -> str:
        return CauseKind(self.row.cause_kind).thing

    def _cause(self) -> strawberry.ID:
        return strawberry.ID(format_id(self._thing(), self.row.cause_id))


class InboxOrderField(StrEnum):
    """See _COLUMNS."""

    TOLD_AT = "told_at"
    CREATED_AT = "created_at"


described(InboxOrderField, "What items can be ordered by.", TOLD_AT="When it changed last.", CREATED_AT="When it came.")
_COLUMNS: Columns = {
    InboxOrderField.TOLD_AT: (ITEM.told_at, False),
    InboxOrderField.CREATED_AT: (ITEM.created_at, False),
}


@strawberry.input(description="One term of an order of items.")
class InboxOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: InboxOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which items. All the conditions given must hold.")
class InboxFilter:
    """Conditions on the inbox."""

    id: IdFilter | None = condition("Which one.")
    state: ChoiceFilter[InboxState] | None = condition("What you have done with it.")
    category: ChoiceFilter[Category] | None = condition("What one chooses about.")
    told_at: DateTimeFilter | None = condition("When it changed last.")
    and_: list["InboxFilter"] | None = condition("All of these hold.", name="and")
    or_: list["InboxFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "InboxFilter | None" = condition("This does not hold.", name="not")


_CONDITIONS = {
    "id": by(ITEM.id, "inbox_item"),
    "state": by(ITEM.state),
    "category": by(ITEM.category),
    "told_at": by(ITEM.told_at),
}


def _where(filter: InboxFilter | None) -> Clauses:
    return where(filter, _CONDITIONS)


def _mine(info: Info) -> Listing[InboxItem]:
    me = info.context.actor.collaborator or new_id()
    newest = (Order(ITEM.told_at, descending=True), Order(ITEM.id, descending=True))
    statement = select(*ITEM).where(ITEM.collaborator_id == me)
    return Listing(statement, ITEM.id, InboxItem.of, _where, _COLUMNS, newest)


@strawberry.type(description="How many items of a category there are.")
class InboxCount:
    """A line of the counts."""

    category: Category = strawberry.field(description="The category.")
    unread: int = strawberry.field(description="Not read yet.")
    read: int = strawberry.field(description="Read, and not done.")
    done: int = strawberry.field(description="Done.")


@strawberry.federation.type(keys=["id"], description="What you were told.")
class Inbox:
    """The asker's own; nobody sees another's."""

    id: strawberry.ID = strawberry.field(description="Your id as a collaborator.")
    items = list_field(
        _mine,
        InboxItem,
        filter=InboxFilter,
        order=InboxOrder,
        description="What you were told, newest first.",
        newest_first=True,
        by_caller=True,
    )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """One's own only."""
        return cls(id=id) if parse_id("collaborator", id) == info.context.actor.collaborator else None

    @strawberry.field(description="How many items there are of each category that has any.")
    async def counts(self, info: Info) -> list[InboxCount]:
        """One statement."""
        states = {state: func.count().filter(ITEM.state == state.value).label(state.value) for state in InboxState}
        mine = ITEM.collaborator_id == info.context.actor.collaborator
        statement = select(ITEM.category, *states.values()).where(mine).group_by(ITEM.category).order_by(ITEM.category)
        rows = await info.context.read.rows(statement)
        return [
            InboxCount(category=Category(row.category), unread=row.UNREAD, read=row.READ, done=row.DONE) for row in rows
        ]

    @strawberry.field(description="How many items are not read yet.")
    async def unread(self, info: Info) -> int:
        """For a badge."""
        mine = (ITEM.collaborator_id == info.context.actor.collaborator, ITEM.state == InboxState.UNREAD.value)
        return int(await info.context.read.scalar(select(func.count()).where(*mine)) or 0)


@strawberry.type(description="Why somebody was told of something, or was not.")
class Telling:
    """See inbox.explaining."""

    outcome: Outcome = strawberry.field(description="What became of it.")
    because: str | None = strawberry.field(description="Why it was not mailed: a fixed code, and words after it.")
    reasons: list[Reason] = strawberry.field(description="Every reason why it concerns them.")
    deliveries: list[Delivery] = strawberry.field(description="Every telling of it to them, first to last.")
    in_inbox: bool = strawberry.field(description="Whether it is, or was, in their inbox.")


@strawberry.type
class InboxQueries:
    """Fields of Query."""

    @strawberry.field(description="What you were told.", extensions=reading(Rule.READ_OWN))
    def inbox(self, info: Info) -> Inbox:
        """The asker's own."""
        return Inbox(id=strawberry.ID(format_id("collaborator", info.context.actor.collaborator or new_id())))

    @strawberry.field(description="Why you were told of something, or were not.", extensions=reading(Rule.READ_OWN))
    async def why_told(
        self,
        info: Info,
        subject_id: Annotated[
            strawberry.ID, strawberry.argument(description="An event, alert, comment, quote or publication.")
        ],
        collaborator_id: Whom = None,
    ) -> Telling:
        """Of oneself; of others for administrators."""
        whom = readable(info, collaborator_id) or new_id()
        found = await explanation(info.context.read, subject_id, whom)
        return Telling(
            outcome=found.outcome,
            because=found.because,
            reasons=[Reason(reason) for reason in found.reasons],
            deliveries=[Delivery.of(row) for row in found.deliveries],
            in_inbox=found.in_inbox,
        )


@strawberry.input(description="What you have done with some items.")
class MarkInboxItemsInput(Write):
    """Some of one's own."""

    ids: list[strawberry.ID] = strawberry.field(description="Which; at most 500. Those that are not yours are left.")
    state: InboxState = strawberry.field(description="What you have done with them.")


@strawberry.input(description="What you have done with everything.")
class MarkInboxInput(Write):
    """Everything of one's own."""

    state: InboxState = strawberry.field(description="What you have done with it. What is DONE stays done.")
    category: Category | None = strawberry.field(default=None, description="Only of this category.")
    until: datetime | None = strawberry.field(
        default=None, description="Only what you were told until then: what you have seen."
    )


MarkInboxResult = Annotated[
    Inbox | CommonErrors,
    strawberry.union(name="MarkInboxResult", description="Your inbox, or why nothing was written."),
]


def _inbox(me: UUID) -> Inbox:
    return Inbox(id=strawberry.ID(format_id("collaborator", me)))


@strawberry.type
class InboxMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Mark items read, done, or unread again.", extensions=writing(Rule.CHOOSE_OWN))
    async def mark_inbox_items(
        self, info: Info, input: Annotated[MarkInboxItemsInput, strawberry.argument(description="Which, and how.")]
    ) -> MarkInboxResult:
        """Of the asker's own."""
        ids = [parse_id("inbox_item", id) for id in input.ids]
        return _inbox(await once(info, input, lambda work: commands.mark(work, ids, input.state)))

    @strawberry.mutation(description="Mark everything read or done.", extensions=writing(Rule.CHOOSE_OWN))
    async def mark_inbox(
        self, info: Info, input: Annotated[MarkInboxInput, strawberry.argument(description="How.")]
    ) -> MarkInboxResult:
        """The asker's own."""
        marked = (input.state, input.category, input.until)
        return _inbox(await once(info, input, lambda work: commands.mark_all(work, *marked)))


@strawberry.type(description="What can be followed live; resumable by the cursor that each result carries.")
class Subscription:
    """The root of following."""

    @strawberry.subscription(description="Your inbox, whenever something comes into it or changes there.")
    async def inbox_changed(self) -> AsyncGenerator[Inbox, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield
