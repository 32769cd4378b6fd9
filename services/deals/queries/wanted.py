"""What organizations want of the alert rules, of one (in its scope) or of all (by the system role)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, FromClause, Select, SmallInteger, Uuid, select

from chassis.arrays import one_of
from chassis.plans import Standing
from services.deals.model import AlertCalendar, AlertSetting, Closure, Organization, Stage
from services.deals.queries.relations import Columns, relation
from services.deals.rules.base import About, Among, Rule
from services.deals.values.alert_settings import ESCALATION_DAYS, QUIET_DAYS, Counting, Cutoff, StageDays, Wanted, Wish
from services.deals.values.calendar import MONDAY_TO_FRIDAY, WorkingCalendar

Fetch = Callable[[Select[*tuple[Any, ...]]], Any]
Thresholds = Mapping[str, timedelta]
DEFAULT_HOLIDAYS = "FR"
_UTC = "UTC"
_ORGANIZATION = (
    Organization.id,
    Organization.time_zone,
    Organization.plan,
    Organization.trial_ends_at,
    Organization.subscribed,
)


async def wanted(fetch: Fetch, among: Among = None) -> list[Wanted]:
    """Each organization's settings, of those `among` a few or as far as `fetch` sees rows."""

    async def told(statement: Select[*tuple[Any, ...]], organization: Any) -> Any:
        return await fetch(statement if among is None else statement.where(one_of(organization, among)))

    calendar, closure, wish, stage = (table.__table__ for table in (AlertCalendar, Closure, AlertSetting, Stage))
    calendars = {row.organization_id: row for row in await told(select(calendar), calendar.c.organization_id)}
    closures = _grouped(await told(select(closure), closure.c.organization_id))
    wishes = _grouped(await told(select(wish), wish.c.organization_id))
    stages = _grouped(await told(select(stage).order_by(stage.c.id), stage.c.organization_id))
    organizations = await told(select(*_ORGANIZATION).order_by(Organization.id), Organization.id)
    return [
        _wanted(each, calendars.get(each.id), closures[each.id], wishes[each.id], stages[each.id])
        for each in organizations
    ]


def _grouped(rows: Iterable[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.organization_id].append(row)
    return found


def _wanted(
    organization: Any, calendar: Any | None, closures: Sequence[Any], wishes: Sequence[Any], stages: Sequence[Any]
) -> Wanted:
    closed = tuple(sorted((row.first_day, row.last_day) for row in closures))
    by_rule: dict[str, list[Wish]] = defaultdict(list)
    for row in wishes:
        by_rule[row.rule].append(_wish(row))
    return Wanted(
        organization.id,
        _calendar(organization.time_zone or _UTC, calendar, closed),
        calendar.quiet_days if calendar else QUIET_DAYS,
        tuple(calendar.escalation_days) if calendar else ESCALATION_DAYS,
        by_rule,
        [StageDays(row.id, row.pipeline_id, row.expected_days, row.position) for row in stages],
        Standing.of(organization.plan, organization.trial_ends_at, organization.subscribed),
    )


def _calendar(zone: str, told: Any | None, closures: tuple[tuple[date, date], ...]) -> WorkingCalendar:
    if told is None:
        return WorkingCalendar(zone, MONDAY_TO_FRIDAY, DEFAULT_HOLIDAYS, closures)
    return WorkingCalendar(zone, tuple(told.weekdays), told.holidays, closures)


def _wish(row: Any) -> Wish:
    steps = None if row.steps is None else tuple(timedelta(days=days) for days in row.steps)
    return Wish(row.pipeline_id, row.stage_id, row.enabled, steps, row.working, row.quiet, row.level)


def usual(rule: Rule, thresholds: Thresholds) -> Counting:
    """How a rule counts where an organization says nothing; a setting of the service may shorten its threshold."""
    habit = rule.habit
    steps = (thresholds[rule.name],) if rule.name in thresholds else habit.steps
    return Counting(True, steps, habit.working, habit.quiet, habit.level, habit.first_stage)


def cutoffs(rule: Rule, told: Iterable[Wanted], now: datetime, thresholds: Thresholds) -> list[Cutoff]:
    """The moments before which a cause must have begun to be an alert, of every organization that wants the rule."""
    counting, habit = usual(rule, thresholds), rule.habit
    on_deals = habit.about is About.DEAL
    return [
        cutoff
        for each in told
        for cutoff in each.cutoffs(rule.name, counting, now, by_stage=habit.by_stage, on_deals=on_deals)
    ]


_CUTOFF: Columns = (
    ("organization_id", Uuid()),
    ("stage_id", Uuid()),
    ("step", SmallInteger()),
    ("at", DateTime(timezone=True)),
    ("quiet_days", SmallInteger()),
    ("level", SmallInteger()),
    ("more", Boolean()),
)


def as_rows(told: Sequence[Cutoff]) -> FromClause:
    """Cutoffs as a relation of the columns `organization_id, stage_id, step, at, quiet_days, level, more`."""
    return relation("cutoff", _CUTOFF, ([getattr(each, name) for name, _ in _CUTOFF] for each in told))
