"""Addresses that are left alone."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model.base import NotifierBase


class SuppressionReason(StrEnum):
    """Why an address is left alone."""

    HARD_BOUNCE = "HARD_BOUNCE"
    COMPLAINT = "COMPLAINT"


class Suppression(NotifierBase):
    """An address that refused mail, or whose reader called it spam; left alone until a moment."""

    __tablename__ = "suppression"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    reason: Mapped[str]
    answer: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organization_id", "id"),)
