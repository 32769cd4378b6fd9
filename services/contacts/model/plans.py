"""What became of an organization's plan, for ever."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from chassis.plans import Plan
from services.contacts.model.base import Base, choice, within


class PlanStep(StrEnum):
    """What happened to a plan."""

    TRIAL_BEGAN = "TRIAL_BEGAN"
    TRIAL_EXTENDED = "TRIAL_EXTENDED"
    SUBSCRIBED = "SUBSCRIBED"
    UNSUBSCRIBED = "UNSUBSCRIBED"
    CHANGED_TO_CRM = "CHANGED_TO_CRM"
    CHANGED_TO_PRO = "CHANGED_TO_PRO"


class PlanChange(Base):
    """One step, and the plan after it. By a collaborator, by an operator who is named, or, the trial, by nobody."""

    __tablename__ = "plan_change"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[PlanStep] = mapped_column(choice(PlanStep))
    plan: Mapped[Plan] = mapped_column(choice(Plan))
    trial_ends_at: Mapped[datetime | None]
    subscribed: Mapped[bool]
    by_id: Mapped[UUID | None]
    operator: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("by_id", "collaborator"),
        Index("plan_change_organization", "organization_id", "id"),
    )
