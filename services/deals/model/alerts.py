"""Alerts: a defect in the upkeep of a deal, taken charge of by somebody."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String

OPEN = "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED')"


class Alert(Base):
    """One cause, found by one rule on one deal. `since` tells two causes apart: the moment from which it counted."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(
            "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED', 'RESOLVED', 'CLOSED', 'DISMISSED')",
            name="alert_status",
        ),
        CheckConstraint("(status = 'TAKEN_IN_CHARGE') <= (taken_in_charge_by_id IS NOT NULL)", name="alert_taken"),
        CheckConstraint("(status = 'SNOOZED') = (snoozed_until IS NOT NULL)", name="alert_snoozed"),
        Index("alert_once_while_open", "organization_id", "rule", "deal_id", unique=True, postgresql_where=text(OPEN)),
        Index("alert_deal", "deal_id", "rule", "since"),
        Index("alert_newest", "organization_id", "id"),
        Index("alert_snoozed_until", "snoozed_until", postgresql_where=text("status = 'SNOOZED'")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    rule: Mapped[String]
    severity: Mapped[String]
    status: Mapped[String]
    deal_id: Mapped[Ref] = mapped_column(ForeignKey("deal.id"))
    since: Mapped[Moment]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    addressee_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    raised_at: Mapped[Moment]
    taken_in_charge_by_id: Mapped[Ref | None]
    taken_in_charge_at: Mapped[Moment | None]
    snoozed_until: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[Ref | None]
    ending_reason: Mapped[String | None]
    predecessor_id: Mapped[Ref | None]
