"""Digests: opened by their first delivery, formed when due, then sent as a delivery of their own."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class DigestKind(StrEnum):
    """Why deliveries wait for one another."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    BURST = "BURST"


class Digest(NotifierBase):
    """Deliveries to one collaborator that will go, or went, in one mail; at most one of a kind is open."""

    __tablename__ = "digest"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    collaborator_id: Mapped[UUID]
    kind: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    formed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            *("digest_open", "organization_id", "collaborator_id", "kind"),
            unique=True,
            postgresql_where=text("formed_at IS NULL"),
        ),
        Index("digest_due", "due_at", postgresql_where=text("formed_at IS NULL")),
    )
