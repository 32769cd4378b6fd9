"""What is published to the asker."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import strawberry
from sqlalchemy import Row, func

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import BooleanFilter, Clauses, DateTimeFilter, IdFilter, StringFilter, by, condition, where
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.graphql.rules import reading
from chassis.identifiers import format_id, new_id
from chassis.markdown import to_html
from services.notifier.permissions import Rule
from services.notifier.publications.feed import PUBLICATION, feed
from services.notifier.publications.model import PublicationReader, Seen


@strawberry.type(description="A publication in your feed.")
class FeedItem:
    """A row of publications.feed."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `publication_…`.")
    publisher_id: strawberry.ID = strawberry.field(description="The organization that publishes it.")
    publisher: str = strawberry.field(description="What that organization is called.")
    own: bool = strawberry.field(description="Whether it is your own organization.")
    title: str = strawberry.field(description="Its title.")
    edition: int = strawberry.field(description="Grows when what it says changes.")
    question: str = strawberry.field(description="What it asks you; empty where nothing.")
    options: list[str] = strawberry.field(description="What can be answered; none for an answer in words.")
    published_at: datetime = strawberry.field(description="When it appeared.")
    read_at: datetime | None = strawberry.field(description="When you read it first.")
    answered_at: datetime | None = strawberry.field(description="When you answered last.")
    choice: str | None = strawberry.field(description="The option that you chose.")
    words: str | None = strawberry.field(description="What you wrote.")

    @strawberry.field(description="What it says, as safe HTML.")
    def html(self) -> str:
        """For pages."""
        return to_html(self.row.body)

    @classmethod
    def of(cls, row: Row[Any], own: bool) -> Self:
        """From a row of publications.feed."""
        same = ("publisher", "title", "edition", "published_at", "read_at", "answered_at", "choice", "words")
        return cls(
            row=row,
            id=strawberry.ID(format_id("publication", row.id)),
            publisher_id=strawberry.ID(format_id("organization", row.organization_id)),
            own=own,
            question=row.asked,
            options=row.options if own else [],
            **{name: getattr(row, name) for name in same},
        )


class FeedOrderField(StrEnum):
    """See _COLUMNS."""

    PUBLISHED_AT = "published_at"


described(FeedOrderField, "What the feed can be ordered by.", PUBLISHED_AT="When it appeared.")
_COLUMNS: Columns = {FeedOrderField.PUBLISHED_AT: (PUBLICATION.c.published_at, False)}


@strawberry.input(description="One term of an order of the feed.")
class FeedOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: FeedOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which items of the feed. All the conditions given must hold.")
class FeedFilter:
    """Conditions on the feed."""

    publisher_id: IdFilter | None = condition("The organization that publishes it.")
    title: StringFilter | None = condition("Its title.")
    published_at: DateTimeFilter | None = condition("When it appeared.")
    read: BooleanFilter | None = condition("Whether you have read it.")
    answered: BooleanFilter | None = condition("Whether you have answered it.")


_READ_AT = func.coalesce(PublicationReader.read_at, Seen.at)
_CONDITIONS = {
    "publisher_id": by(PUBLICATION.c.organization_id, "organization"),
    "title": by(PUBLICATION.c.title),
    "published_at": by(PUBLICATION.c.published_at),
    "read": by(_READ_AT.is_not(None)),
    "answered": by(PublicationReader.answered_at.is_not(None)),
}


def _where(filter: FeedFilter | None) -> Clauses:
    return where(filter, _CONDITIONS)


def mine(info: Info) -> Listing[FeedItem]:
    """The asker's own feed; newest first."""
    actor = info.context.actor
    newest = (Order(PUBLICATION.c.published_at, descending=True), Order(PUBLICATION.c.id, descending=True))
    statement = feed(actor.organization, actor.collaborator or new_id())

    def item(row: Row[Any]) -> FeedItem:
        return FeedItem.of(row, row.organization_id == actor.organization)

    return Listing(statement, PUBLICATION.c.id, item, _where, _COLUMNS, newest)


@strawberry.type
class FeedQueries:
    """Fields of Query."""

    publication_feed = list_field(
        mine,
        FeedItem,
        filter=FeedFilter,
        order=FeedOrder,
        description="What your organization, and those that it follows, publish to you.",
        extensions=reading(Rule.READ_FEED),
        newest_first=True,
        by_caller=True,
    )
