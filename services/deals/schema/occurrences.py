"""Occurrences of appointments, and who is invited."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Self

import strawberry
from sqlalchemy import Row

from chassis.errors import InvalidInput
from services.deals.schema.enums import Answer
from services.deals.schema.stubs import Collaborator, Contact
from services.deals.values.moments import moment
from services.deals.values.recurrence import Occurrence

LONGEST_SPAN = timedelta(days=366)
Begins = Annotated[datetime, strawberry.argument(name="from", description="From when on, with its offset.")]
Ends = Annotated[datetime, strawberry.argument(name="to", description="Before when, with its offset.")]


def spanned(begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """A span in UTC. Raises InvalidInput for one that ends before it begins, or is longer than LONGEST_SPAN."""
    told = moment("from", begins), moment("to", ends)
    if not timedelta() < told[1] - told[0] <= LONGEST_SPAN:
        raise InvalidInput("to", f"A span ends after it begins, and has at most {LONGEST_SPAN.days} days.")
    return told


@strawberry.type(name="Occurrence", description="One time that an appointment is.")
class OccurrenceType:
    """See values.recurrence.Occurrence."""

    occurrence: datetime = strawberry.field(
        description="Its id within the series: when the rule says that it begins, wherever it was moved to."
    )
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    place: str | None = strawberry.field(description="Where it is, if not where the series is.")
    moved: bool = strawberry.field(description="Whether it was moved.")

    @classmethod
    def of(cls, told: Occurrence) -> Self:
        """The node of an occurrence."""
        return cls(
            occurrence=told.id, starts_at=told.starts_at, ends_at=told.ends_at, place=told.place, moved=told.moved
        )


@strawberry.type(description="Whom an appointment invites: a collaborator or a contact.")
class Attendee:
    """See model.Attendee."""

    row: strawberry.Private[Row[Any]]
    answer: Answer = strawberry.field(description="What they answered.")
    answered_at: datetime | None = strawberry.field(description="When, if they did.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The attendee of a row."""
        return cls(row=row, answer=Answer(row.answer), answered_at=row.answered_at)

    @strawberry.field(description="The collaborator, if it is one.")
    def collaborator(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.person_id) if self.row.kind == "collaborator" else None

    @strawberry.field(description="The contact, if it is one.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.person_id) if self.row.kind == "contact" else None
