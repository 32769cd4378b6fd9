"""The inbox: what one was told and is not done with."""

from datetime import datetime
from typing import Any, Self

import strawberry
from sqlalchemy import Row, func, select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.listing import Listing, list_field
from chassis.identifiers import format_id, new_id, parse_id
from services.notifier.inbox.titles import title_of
from services.notifier.model import CauseKind
from services.notifier.schema import loading
from services.notifier.schema.enums import Category, InboxState, Reason
from services.notifier.schema.inbox.lists import COLUMNS, ITEM, InboxFilter, InboxOrder, on_items
from services.notifier.schema.types import Alert, Comment, Event, Quote


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


def listing_of(info: Info) -> Listing[InboxItem]:
    me = info.context.actor.collaborator or new_id()
    newest = (Order(ITEM.told_at, descending=True), Order(ITEM.id, descending=True))
    statement = select(*ITEM).where(ITEM.collaborator_id == me)
    return Listing(statement, ITEM.id, InboxItem.of, on_items, COLUMNS, newest)


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
        listing_of,
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
