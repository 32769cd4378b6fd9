"""The inbox: one row for each collaborator and each thing that they are told of, as they were told of it last."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class InboxState(StrEnum):
    """What its reader has done with an item."""

    UNREAD = "UNREAD"
    READ = "READ"
    DONE = "DONE"


class InboxItem(NotifierBase):
    """A thing that a collaborator is told of. `done_because`: who or what made it done."""

    __tablename__ = "inbox_item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    collaborator_id: Mapped[UUID]
    cause_kind: Mapped[str]
    cause_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(Integer)
    category: Mapped[str]
    topic: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_because: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "collaborator_id", "cause_kind", "cause_id"),
            name="inbox_item_once",
        ),
        Index("inbox_item_told", "organization_id", "collaborator_id", "told_at"),
        Index("inbox_item_cause", "organization_id", "cause_kind", "cause_id"),
    )
