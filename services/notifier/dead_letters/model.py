"""What was given up on, and what an administrator did about it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class DeadLetterState(StrEnum):
    """What became of it."""

    WAITING = "WAITING"
    REPLAYED = "REPLAYED"
    DISCARDED = "DISCARDED"


class DeadLetterRow(NotifierBase):
    """A message that one service gave up on. `sequence`: its newest place in the stream of dead letters.

    `leaves_stream`: it is settled, and to be taken off that stream.
    """

    __tablename__ = "dead_letter"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    consumer: Mapped[str]
    message_id: Mapped[str]
    sender: Mapped[str]
    type: Mapped[str]
    subject: Mapped[str]
    aggregate: Mapped[str]
    error: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    payload: Mapped[bytes]
    written_at: Mapped[datetime]
    died_at: Mapped[datetime]
    deaths: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(BigInteger)
    leaves_stream: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint("organization_id", "consumer", "message_id", name="dead_letter_once"),
        Index("dead_letter_died", "organization_id", "died_at"),
        Index("dead_letter_swept", "died_at"),
        Index("dead_letter_leaving", "sequence", postgresql_where=text("leaves_stream")),
    )
