"""How an organization wants its alert rules: calendar, thresholds, exceptions."""

from datetime import date

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class AlertCalendar(Base):
    """What an organization's rules have in common; what it does not say is as in values.alert_settings."""

    __tablename__ = "alert_calendar"

    organization_id: Mapped[Id]
    version: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    holidays: Mapped[String | None]
    quiet_days: Mapped[int] = mapped_column(SmallInteger)
    escalation_days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    """Days after which an alert of which nobody took charge goes to the manager, then to the administrators."""
    updated_at: Mapped[Moment]
    updated_by_id: Mapped[Ref | None]


class Closure(Base):
    """Days on which an organization does not work, the last included."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="closure_order"),
        Index("closure_organization", "organization_id", "first_day"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    label: Mapped[String]


class AlertSetting(Base):
    """A rule as an organization, one of its pipelines or one of its stages wants it; null is as the wider one says."""

    __tablename__ = "alert_setting"
    __table_args__ = (
        UniqueConstraint(
            "organization_id",
            "rule",
            "pipeline_id",
            "stage_id",
            name="alert_setting_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("pipeline_id IS NULL OR stage_id IS NULL", name="alert_setting_scope"),
        CheckConstraint("level > 0", name="alert_setting_level"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    rule: Mapped[String]
    pipeline_id: Mapped[Ref | None] = mapped_column(ForeignKey("pipeline.id", ondelete="CASCADE"))
    stage_id: Mapped[Ref | None] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    enabled: Mapped[bool | None]
    steps: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    working: Mapped[bool | None]
    quiet: Mapped[bool | None]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    """How much of what the rule measures is a defect, for rules that measure."""
    updated_at: Mapped[Moment]
    updated_by_id: Mapped[Ref | None]


class AlertExclusion(Base):
    """A deal, contact, account or owner that a rule, or every rule, leaves alone; until a moment, or for good."""

    __tablename__ = "alert_exclusion"
    __table_args__ = (Index("alert_exclusion_subject", "organization_id", "subject_id"),)

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    rule: Mapped[String | None]
    subject_kind: Mapped[String]
    subject_id: Mapped[Ref]
    until: Mapped[Moment | None]
    reason: Mapped[String]
    created_at: Mapped[Moment]
    created_by_id: Mapped[Ref | None]
