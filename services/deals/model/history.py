"""Facts, and the timeline that orders facts, events and alerts."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Notification(Base):
    """A fact in the life of a deal or contact: written once with the change it tells, never edited."""

    __tablename__ = "notification"

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    kind: Mapped[String]
    deal_id: Mapped[Ref | None]
    contact_id: Mapped[Ref | None]
    account_id: Mapped[Ref | None]
    actor_id: Mapped[Ref | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[Moment]


class TimelineEntry(Base):
    """The place of one event, notification or alert on the timeline of one deal, contact or account.

    One row per thing and subject, in the order it is read: a page of any timeline is one range of the primary key.
    What was on a timeline stays there, whoever the deal's people become.
    """

    __tablename__ = "timeline_entry"

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    subject_id: Mapped[Ref] = mapped_column(primary_key=True)
    at: Mapped[Moment] = mapped_column(primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(primary_key=True)
    kind: Mapped[String]
