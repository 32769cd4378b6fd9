"""Alerts: a defect in the upkeep of a deal, contact or account, taken charge of by somebody."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Computed, ForeignKey, Index, SmallInteger, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String

OPEN = "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED')"


class Alert(Base):
    """One cause, found by one rule on one deal, contact or account.

    `since`, the moment from which it counted, tells two causes apart; so does `step`, the place of the threshold it
    passed among the rule's.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(
            "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED', 'RESOLVED', 'CLOSED', 'DISMISSED')",
            name="alert_status",
        ),
        CheckConstraint("(status = 'TAKEN_IN_CHARGE') <= (taken_in_charge_by_id IS NOT NULL)", name="alert_taken"),
        CheckConstraint("(status = 'SNOOZED') = (snoozed_until IS NOT NULL)", name="alert_snoozed"),
        CheckConstraint("num_nonnulls(deal_id, contact_id, account_id) = 1", name="alert_subject"),
        Index(
            "alert_once_while_open", "organization_id", "rule", "subject_id", unique=True, postgresql_where=text(OPEN)
        ),
        Index("alert_subject", "subject_id", "rule", "since"),
        Index("alert_waiting", "raised_at", postgresql_where=text("status = 'RAISED'")),
        Index("alert_newest", "organization_id", "id"),
        Index("alert_snoozed_until", "snoozed_until", postgresql_where=text("status = 'SNOOZED'")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    rule: Mapped[String]
    severity: Mapped[String]
    status: Mapped[String]
    subject_id: Mapped[Ref] = mapped_column(Uuid, Computed("coalesce(deal_id, contact_id, account_id)", persisted=True))
    deal_id: Mapped[Ref | None] = mapped_column(ForeignKey("deal.id"))
    contact_id: Mapped[Ref | None]
    account_id: Mapped[Ref | None]
    since: Mapped[Moment]
    step: Mapped[int] = mapped_column(SmallInteger)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    addressee_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    raised_at: Mapped[Moment]
    taken_in_charge_by_id: Mapped[Ref | None]
    taken_in_charge_at: Mapped[Moment | None]
    snoozed_until: Mapped[Moment | None]
    woken_at: Mapped[Moment | None]
    """When its last snooze was over: nobody had to take charge before."""
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[Ref | None]
    ending_reason: Mapped[String | None]
    ending_remedy: Mapped[String | None]
    """The mutation of the suggestion that ended it."""
    escalated_at: Mapped[Moment | None]
    escalation: Mapped[int] = mapped_column(SmallInteger)
    """How often it went to somebody else because nobody took charge: to the manager, then to the administrators."""
    predecessor_id: Mapped[Ref | None]
