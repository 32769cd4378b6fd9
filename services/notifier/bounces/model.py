"""Tables of what came back: reports, and how each person's address fares."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class MailReport(NotifierBase):
    """What came back of one delivery's mail: one of each kind, however often it is told."""

    __tablename__ = "mail_report"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"), index=True)
    kind: Mapped[str]
    status_code: Mapped[str]
    words: Mapped[str]
    received_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organization_id", "delivery_id", "kind"),)


class Address(NotifierBase):
    """How mail to a person's present address fares; a row comes with its first bounce."""

    __tablename__ = "address"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    outside: Mapped[bool] = mapped_column(Boolean)
    email: Mapped[str]
    hard: Mapped[int] = mapped_column(Integer)
    soft: Mapped[int] = mapped_column(Integer)
    complaints: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str]
    bounced_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("address_bounced", "bounced_at", postgresql_where=text("bounced_at IS NOT NULL")),
        Index("address_email", "organization_id", "email"),
    )
