"""Events that collaborators write, and the tasks of instructions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Event(Base):
    """A note, an appointment or an instruction, on a deal or on a contact alone.

    `revision` counts changes since creation: it is the SEQUENCE of an invitation (RFC 5545). `recurrence` is its RRULE,
    `recurs_until` when its last occurrence is over, `excluded` the occurrences that were cancelled (EXDATE), and
    `series_id` the appointment that it was cut from.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("kind IN ('NOTE', 'APPOINTMENT', 'INSTRUCTION')", name="event_kind"),
        CheckConstraint("deal_id IS NOT NULL OR contact_id IS NOT NULL", name="event_subject"),
        CheckConstraint(
            "(kind = 'APPOINTMENT') = (starts_at IS NOT NULL AND ends_at IS NOT NULL AND time_zone IS NOT NULL)",
            name="event_appointment",
        ),
        CheckConstraint("ends_at >= starts_at", name="event_order"),
        CheckConstraint("(recurrence IS NULL) = (recurs_until IS NULL)", name="event_recurs"),
        CheckConstraint("recurrence IS NULL OR kind = 'APPOINTMENT'", name="event_recurrence"),
        Index("event_starts", "organization_id", "starts_at"),
        Index(
            "event_recurring",
            "organization_id",
            "recurs_until",
            postgresql_where=text("recurrence IS NOT NULL"),
        ),
        Index("event_key", "organization_id", "id", unique=True),
        Index("event_deal", "deal_id", "created_at"),
        Index("event_contact", "contact_id"),
        Index(
            "event_planned",
            "deal_id",
            "starts_at",
            postgresql_where=text("kind = 'APPOINTMENT' AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    revision: Mapped[int]
    kind: Mapped[String]
    title: Mapped[String]
    description: Mapped[String]
    deal_id: Mapped[Ref | None] = mapped_column(ForeignKey("deal.id"))
    contact_id: Mapped[Ref | None]
    author_id: Mapped[Ref | None]
    departments: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_at: Mapped[Moment | None]
    ends_at: Mapped[Moment | None]
    time_zone: Mapped[String | None]
    place: Mapped[String | None]
    link: Mapped[String | None]
    recurrence: Mapped[String | None]
    recurs_until: Mapped[Moment | None]
    excluded: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    series_id: Mapped[Ref | None]
    mention_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    cancelled_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Concerned(Base):
    """A collaborator whom an event concerns: named on it, or of a department named on it when it was written."""

    __tablename__ = "concerned"

    event_id: Mapped[Ref] = mapped_column(ForeignKey("event.id"), primary_key=True)
    collaborator_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]


class Task(Base):
    """What an instruction asks of a collaborator."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("status IN ('OPEN', 'DONE', 'CANCELLED')", name="task_status"),
        CheckConstraint("priority IN ('LOW', 'NORMAL', 'HIGH', 'URGENT')", name="task_priority"),
        Index("task_event", "event_id", unique=True),
        Index("task_assignee", "assignee_id", "due_at", postgresql_where=text("status = 'OPEN'")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    event_id: Mapped[Ref] = mapped_column(ForeignKey("event.id"))
    assignee_id: Mapped[Ref]
    due_at: Mapped[Moment | None]
    status: Mapped[String]
    priority: Mapped[String] = mapped_column(server_default="NORMAL")
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    """`[{"text": "…", "done": false}]`, in order."""
    completed_at: Mapped[Moment | None]
    completed_by_id: Mapped[Ref | None]
