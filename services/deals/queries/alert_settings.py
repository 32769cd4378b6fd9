"""How an organization wants its alert rules, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from services.deals.model import AlertCalendar, AlertExclusion, AlertSetting, Closure
from services.deals.queries.wanted import DEFAULT_HOLIDAYS
from services.deals.values.alert_settings import Wanted
from services.deals.values.calendar import MONDAY_TO_FRIDAY, WorkingCalendar

SHOWN = 200
CALENDAR = select(AlertCalendar.version)
CLOSURES = select(Closure.id, Closure.first_day, Closure.last_day, Closure.label).order_by(
    Closure.first_day, Closure.id
)
SETTINGS = select(AlertSetting.__table__).order_by(AlertSetting.stage_id.nulls_first(), AlertSetting.pipeline_id)
EXCLUSIONS = select(AlertExclusion.__table__).order_by(AlertExclusion.id.desc())


def exclusion(id: UUID) -> Select[*tuple[Any, ...]]:
    """One."""
    return EXCLUSIONS.where(AlertExclusion.id == id)


def exclusions(rule: str | None, now: datetime) -> Select[*tuple[Any, ...]]:
    """The newest of those that hold, of a rule or of all."""
    holding = or_(AlertExclusion.until.is_(None), AlertExclusion.until > now)
    found = EXCLUSIONS.where(holding).limit(SHOWN)
    return found if rule is None else found.where(or_(AlertExclusion.rule.is_(None), AlertExclusion.rule == rule))


def nothing_said(organization: UUID) -> Wanted:
    """The settings of an organization that deals has yet to hear of."""
    return Wanted(organization, WorkingCalendar("UTC", MONDAY_TO_FRIDAY, DEFAULT_HOLIDAYS))
