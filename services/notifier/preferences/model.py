"""Tables: choices, rhythms, and how much an organization folds and bundles. Without collaborator: the defaults."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, Integer, SmallInteger, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class Preference(NotifierBase):
    """How often a collaborator, or by default everybody, wants to be told of a category for a reason."""

    __tablename__ = "preference"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    collaborator_id: Mapped[UUID | None]
    category: Mapped[str]
    channel: Mapped[str]
    reason: Mapped[str]
    cadence: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "collaborator_id", "category", "channel", "reason"),
            name="preference_once",
            postgresql_nulls_not_distinct=True,
        ),
    )


class RhythmRow(NotifierBase):
    """Quiet hours, and when digests come."""

    __tablename__ = "rhythm"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    collaborator_id: Mapped[UUID | None]
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    quiet_weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    digest_at: Mapped[time] = mapped_column(Time)
    digest_weekday: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("organization_id", "collaborator_id", name="rhythm_once", postgresql_nulls_not_distinct=True),
    )


class Bundling(NotifierBase):
    """How an organization folds changes, and from how many mails on it bundles them; without a row, see Bounds."""

    __tablename__ = "bundling"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    fold_seconds: Mapped[int] = mapped_column(Integer)
    burst_count: Mapped[int] = mapped_column(Integer)
    burst_minutes: Mapped[int] = mapped_column(Integer)
    burst_longest_minutes: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime]
