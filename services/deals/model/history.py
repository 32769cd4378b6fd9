"""Facts, and the timeline that orders facts, events and alerts."""

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Notification(Base):
    """A fact in the life of a deal or contact: written once with the change it tells, never edited.

    `cause` tells what brought it about: a mutation, a message, a sweep. `head_id` is the first of the facts of the same
    person about the same `thing_id` within minutes: only that one has a place on timelines, and shows them all.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("notification_head", "head_id", postgresql_where=text("head_id IS NOT NULL")),
        Index("notification_contact", "organization_id", "contact_id"),
        Index("notification_account", "organization_id", "account_id"),
        Index("notification_thing", "organization_id", "thing_id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    kind: Mapped[String]
    deal_id: Mapped[Ref | None]
    contact_id: Mapped[Ref | None]
    account_id: Mapped[Ref | None]
    actor_id: Mapped[Ref | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[Moment]
    cause: Mapped[String] = mapped_column(server_default="")
    thing_id: Mapped[Ref | None]
    head_id: Mapped[Ref | None]


class TimelineEntry(Base):
    """The place of an event, notification, alert or comment on the timeline of one deal, contact or account.

    One row per thing and subject, in the order it is read: a page of any timeline is one range of the primary key.
    What was on a timeline stays there, whoever the deal's people become.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("timeline_entry_actor", "organization_id", "subject_id", "actor_id", "at", "entry_id"),
        Index("timeline_entry_kind", "organization_id", "subject_id", "kind", "at", "entry_id"),
    )

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    subject_id: Mapped[Ref] = mapped_column(primary_key=True)
    at: Mapped[Moment] = mapped_column(primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(primary_key=True)
    kind: Mapped[String]
    actor_id: Mapped[Ref | None]
    merged_from_id: Mapped[Ref | None]
    """Whose timeline the entry is copied from, by a merge; such copies alone may be taken away again."""
