"""What is kept beside a deal: documents by reference, and each time its close was put off."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Document(Base):
    """Something kept elsewhere, on a deal or an event: its title and address. One that was taken off stays known."""

    __tablename__ = "document"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        ForeignKeyConstraint(["organization_id", "event_id"], ["event.organization_id", "event.id"]),
        CheckConstraint("(deal_id IS NULL) <> (event_id IS NULL)", name="document_owner"),
        CheckConstraint("kind IN ('CONTRACT', 'PROPOSAL', 'INVOICE', 'PLAN', 'PHOTO', 'OTHER')", name="document_kind"),
        Index("document_deal", "deal_id"),
        Index("document_event", "event_id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    deal_id: Mapped[Ref | None]
    event_id: Mapped[Ref | None]
    title: Mapped[String]
    url: Mapped[String]
    kind: Mapped[String]
    added_by_id: Mapped[Ref | None]
    added_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]


class ClosePush(Base):
    """One time that a deal's expected close was put off."""

    __tablename__ = "close_push"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        Index("close_push_deal", "deal_id", "at"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    deal_id: Mapped[Ref]
    at: Mapped[Moment]
    before: Mapped[date] = mapped_column(Date)
    after: Mapped[date] = mapped_column(Date)
    by_id: Mapped[Ref | None]
