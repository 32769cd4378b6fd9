"""Deals, the people around them, and who follows them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String

AMOUNT_DIGITS = 15
AMOUNT_DECIMALS = 4


class Deal(Base):
    """The link between a contact and/or an account and the firm."""

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint("phase IN ('LEAD', 'OPPORTUNITY', 'SIGNED', 'DONE', 'LOST')", name="deal_phase"),
        CheckConstraint("(phase = 'LOST') = (lost_reason IS NOT NULL)", name="deal_lost_reason"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="deal_amount_currency"),
        CheckConstraint("account_id IS NOT NULL OR primary_contact_id IS NOT NULL", name="deal_party"),
        ForeignKeyConstraint(["organization_id", "pipeline_id"], ["pipeline.organization_id", "pipeline.id"]),
        ForeignKeyConstraint(["organization_id", "stage_id"], ["stage.organization_id", "stage.id"]),
        Index("deal_newest", "organization_id", "id", unique=True),
        Index("deal_stage", "stage_id"),
        Index("deal_tags", "tags", postgresql_using="gin"),
        Index("deal_account", "account_id"),
        Index("deal_primary_contact", "primary_contact_id"),
        Index("deal_owner", "owner_id"),
        Index("deal_open", "id", postgresql_where=text("phase IN ('LEAD', 'OPPORTUNITY')")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    title: Mapped[String]
    phase: Mapped[String]
    lost_reason: Mapped[String | None]
    pipeline_id: Mapped[Ref]
    stage_id: Mapped[Ref]
    stage_entered_at: Mapped[Moment]
    owner_id: Mapped[Ref | None]
    owner_since: Mapped[Moment]
    account_id: Mapped[Ref | None]
    primary_contact_id: Mapped[Ref | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(AMOUNT_DIGITS + AMOUNT_DECIMALS, AMOUNT_DECIMALS))
    currency: Mapped[String | None]
    amount_follows_lines: Mapped[bool] = mapped_column(server_default=false())
    expected_close: Mapped[date | None] = mapped_column(Date)
    close_pushes: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    """When the expected close was put off, since the deal entered its stage."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    signed_at: Mapped[Moment | None]
    """When it was won; kept when it is lost afterwards, gone when it is opened again."""
    lost_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Participant(Base):
    """A contact included in a deal's exchanges, with the part it plays."""

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint("role IN ('DECISION_MAKER', 'ADVISER', 'INFLUENCER', 'OTHER')", name="participant_role"),
        Index("participant_contact", "contact_id"),
    )

    deal_id: Mapped[Ref] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    contact_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    part: Mapped[String]
    role: Mapped[String] = mapped_column(server_default="OTHER")


class Follower(Base):
    """A collaborator told of what happens on a deal without taking part."""

    __tablename__ = "follower"

    deal_id: Mapped[Ref] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    collaborator_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    since: Mapped[Moment]
