"""What appointments have beyond other events: occurrences that were moved, and who answered."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Moment, Ref, String


class MovedOccurrence(Base):
    """An occurrence of a series that is at another time or place: RECURRENCE-ID of RFC 5545."""

    __tablename__ = "moved_occurrence"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "event_id"], ["event.organization_id", "event.id"]),
        CheckConstraint("ends_at > starts_at", name="moved_occurrence_order"),
    )

    event_id: Mapped[Ref] = mapped_column(primary_key=True)
    occurrence: Mapped[Moment] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    place: Mapped[String | None]


class Attendee(Base):
    """A collaborator or contact whom an appointment invites, and their answer."""

    __tablename__ = "attendee"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "event_id"], ["event.organization_id", "event.id"]),
        CheckConstraint("kind IN ('collaborator', 'contact')", name="attendee_kind"),
        CheckConstraint("answer IN ('NONE', 'ACCEPTED', 'DECLINED', 'TENTATIVE')", name="attendee_answer"),
        CheckConstraint("(answer = 'NONE') = (answered_at IS NULL)", name="attendee_answered"),
        Index("attendee_person", "organization_id", "person_id"),
    )

    event_id: Mapped[Ref] = mapped_column(primary_key=True)
    person_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    kind: Mapped[String]
    answer: Mapped[String] = mapped_column(server_default="NONE")
    answered_at: Mapped[Moment | None]
