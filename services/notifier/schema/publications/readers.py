"""Who reads a publication, and lists of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import strawberry
from sqlalchemy import Row, select

from chassis.graphql.connections import Order
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing
from chassis.graphql.ordering import Columns, Ordering
from chassis.identifiers import format_id
from services.notifier.publications.model import PublicationReader, table
from services.notifier.schema.publications.parts import collaborator_of
from services.notifier.schema.types import Collaborator, Contact

ROWS = table(PublicationReader).c


@strawberry.type(description="A reader of a publication, and what they did with it.")
class Reader:
    """A row of publication_reader."""

    row: strawberry.Private[Row[Any]]
    told_at: datetime = strawberry.field(description="When they were noted as a reader.")
    read_at: datetime | None = strawberry.field(description="When they read it first.")
    answered_at: datetime | None = strawberry.field(description="When they answered last.")
    choice: str | None = strawberry.field(description="The option that they chose.")
    words: str | None = strawberry.field(description="What they wrote.")
    unsubscribed_at: datetime | None = strawberry.field(description="When they unsubscribed from its link.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        names = ("read_at", "answered_at", "choice", "words", "unsubscribed_at")
        return cls(row=row, told_at=row.added_at, **{name: getattr(row, name) for name in names})

    @strawberry.field(description="The colleague who reads; null for a contact.")
    def collaborator(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return collaborator_of(self.row.collaborator_id)

    @strawberry.field(description="The contact who reads; null for a colleague.")
    def contact(self) -> Contact | None:
        """By key: contacts owns it."""
        id = self.row.contact_id
        return Contact(id=strawberry.ID(format_id("contact", id))) if id else None


class PublicationReaderOrderField(StrEnum):
    """See _READER_COLUMNS."""

    TOLD_AT = "told_at"
    READ_AT = "read_at"
    ANSWERED_AT = "answered_at"


described(
    PublicationReaderOrderField,
    "What readers can be ordered by.",
    TOLD_AT="When they were noted.",
    READ_AT="When they read it first.",
    ANSWERED_AT="When they answered last.",
)
_READER_COLUMNS: Columns = {
    PublicationReaderOrderField.TOLD_AT: (ROWS.added_at, False),
    PublicationReaderOrderField.READ_AT: (ROWS.read_at, True),
    PublicationReaderOrderField.ANSWERED_AT: (ROWS.answered_at, True),
}


@strawberry.input(description="One term of an order of readers.")
class PublicationReaderOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: PublicationReaderOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which readers. All the conditions given must hold.")
class PublicationReaderFilter:
    """Conditions on readers."""

    contact_id: IdFilter | None = condition("The contact who reads.")
    collaborator_id: IdFilter | None = condition("The colleague who reads.")
    read_at: DateTimeFilter | None = condition("When they read it; `isNull` for those who have not.")
    answered_at: DateTimeFilter | None = condition("When they answered; `isNull` for those who have not.")
    choice: StringFilter | None = condition("The option that they chose.")
    unsubscribed_at: DateTimeFilter | None = condition("When they unsubscribed from its link.")
    and_: list["PublicationReaderFilter"] | None = condition("All of these hold.", name="and")
    or_: list["PublicationReaderFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "PublicationReaderFilter | None" = condition("This does not hold.", name="not")


_ON_READERS: Conditions = {
    "contact_id": by(ROWS.contact_id, "contact"),
    "collaborator_id": by(ROWS.collaborator_id, "collaborator"),
    "read_at": by(ROWS.read_at),
    "answered_at": by(ROWS.answered_at),
    "choice": by(ROWS.choice),
    "unsubscribed_at": by(ROWS.unsubscribed_at),
}


def _on_readers(filter: PublicationReaderFilter | None) -> Clauses:
    return where(filter, _ON_READERS)


READERS = Listing(
    select(*ROWS),
    ROWS.id,
    Reader.of,
    _on_readers,
    _READER_COLUMNS,
    (Order(ROWS.added_at), Order(ROWS.id)),
)
