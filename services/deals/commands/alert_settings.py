"""How an organization wants its alert rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, VersionConflict
from chassis.identifiers import new_id
from services.deals.model import AlertCalendar, AlertExclusion, AlertSetting, Closure, Deal, Pipeline, Stage
from services.deals.queries.wanted import DEFAULT_HOLIDAYS
from services.deals.rules import RULES
from services.deals.rules.base import About
from services.deals.values.alert_settings import ESCALATION_DAYS, QUIET_DAYS
from services.deals.values.calendar import MONDAY_TO_FRIDAY
from services.deals.values.references import Reference

MOST_CLOSURES = 200
MOST_STEPS = 5
MOST_EXCLUSIONS = 10_000
LONGEST_CLOSURE = 366
FURTHEST = 730
HIGHEST_LEVEL = 100
_DEFAULTS = {
    "weekdays": [*MONDAY_TO_FRIDAY],
    "holidays": DEFAULT_HOLIDAYS,
    "quiet_days": QUIET_DAYS,
    "escalation_days": [*ESCALATION_DAYS],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarOrder:
    """New values of the calendar; what is absent stays."""

    values: dict[str, Any]
    expected: int | None = None
    references: tuple[Reference, ...] = ()


async def set_alert_calendar(work: UnitOfWork, order: CalendarOrder) -> UUID:
    """Change the organization's calendar. Raises VersionConflict."""
    begun = {"organization_id": work.organization, "version": 0, "updated_at": work.now, **_DEFAULTS}
    await work.session.execute(insert(AlertCalendar).values(begun).on_conflict_do_nothing())
    found = (await work.session.scalars(select(AlertCalendar).with_for_update())).one()
    _change(found, work, order.expected, order.values)
    return work.organization


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureOrder:
    """Days on which nobody works."""

    first_day: date
    last_day: date
    label: str
    references: tuple[Reference, ...] = ()


async def add_closure(work: UnitOfWork, order: ClosureOrder) -> UUID:
    """Close the organization for some days. Raises InvalidInput for days in disorder, too many days or closures."""
    if not 0 <= (order.last_day - order.first_day).days < LONGEST_CLOSURE:
        raise InvalidInput("lastDay", f"Give a day from firstDay on, less than {LONGEST_CLOSURE} days later.")
    if await _count(work, Closure) >= MOST_CLOSURES:
        raise InvalidInput("firstDay", f"An organization has at most {MOST_CLOSURES} closures: remove past ones.")
    closure = Closure(
        id=new_id(),
        organization_id=work.organization,
        first_day=order.first_day,
        last_day=order.last_day,
        label=order.label,
    )
    work.session.add(closure)
    return closure.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What to take away."""

    id: UUID
    references: tuple[Reference, ...] = ()


async def remove_closure(work: UnitOfWork, order: Removal) -> UUID:
    """Open the organization again. Raises NotFound."""
    await _remove(work, Closure, "closure", order.id)
    return work.organization


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOrder:
    """How a rule is wanted, everywhere, in a pipeline or in a stage; a value of None is as the wider one says."""

    rule: str
    pipeline_id: UUID | None = None
    stage_id: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    expected: int | None = None
    references: tuple[Reference, ...] = ()


async def update_alert_rule(work: UnitOfWork, order: RuleOrder) -> UUID:
    """Change how a rule counts. Raises NotFound, InvalidInput, VersionConflict."""
    await _check(work, order)
    scope = {"rule": order.rule, "pipeline_id": order.pipeline_id, "stage_id": order.stage_id}
    begun = {"id": new_id(), "organization_id": work.organization, "version": 0, "updated_at": work.now, **scope}
    await work.session.execute(insert(AlertSetting).values(begun).on_conflict_do_nothing())
    same = [getattr(AlertSetting, name).is_not_distinct_from(value) for name, value in scope.items()]
    setting = (await work.session.scalars(select(AlertSetting).where(*same).with_for_update())).one()
    _change(setting, work, order.expected, order.values)
    return setting.id


async def _check(work: UnitOfWork, order: RuleOrder) -> None:
    rule = check_rule(order.rule)
    if order.pipeline_id is not None and order.stage_id is not None:
        raise InvalidInput("stageId", "Name a pipeline or one of its stages, not both.")
    for kind, table, id in (("pipeline", Pipeline, order.pipeline_id), ("stage", Stage, order.stage_id)):
        if id is None:
            continue
        if rule.habit.about is not About.DEAL:
            raise InvalidInput(f"{kind}Id", f"{order.rule} is about contacts and accounts, which are in no {kind}.")
        if await work.session.scalar(select(table.id).where(table.id == id)) is None:
            raise NotFound(kind, id, f"{kind}Id")
    check_steps(order.rule, order.values.get("steps"))
    check_level(order.rule, order.values.get("level"))


def check_rule(name: str) -> Any:
    """The rule of a name. Raises InvalidInput."""
    if name not in RULES:
        raise InvalidInput("rule", f"No such rule; there are {', '.join(sorted(RULES))}.")
    return RULES[name]


def check_steps(rule: str, steps: Sequence[int] | None) -> None:
    """Raise InvalidInput unless thresholds go up and stay within what the rule can count."""
    if steps is None:
        return
    usual = RULES[rule].habit.steps
    lowest = -FURTHEST if usual[0].days < 0 else 0
    if not 1 <= len(steps) <= MOST_STEPS or list(steps) != sorted(set(steps)):
        raise InvalidInput("steps", f"Give one to {MOST_STEPS} different numbers of days, the smallest first.")
    if len(steps) > 1 and len(usual) == 1:
        raise InvalidInput("steps", f"{rule} has one threshold.")
    if not all(lowest <= days <= FURTHEST for days in steps):
        raise InvalidInput("steps", f"Give numbers of days from {lowest} to {FURTHEST}.")


def check_level(rule: str, level: int | None) -> None:
    """Raise InvalidInput for a level of a rule that measures nothing, or one out of reach."""
    if level is not None and RULES[rule].habit.level is None:
        measuring = sorted(name for name, each in RULES.items() if each.habit.level is not None)
        raise InvalidInput("level", f"{rule} counts days alone; {', '.join(measuring)} have a level.")
    if level is not None and not 1 <= level <= HIGHEST_LEVEL:
        raise InvalidInput("level", f"Give a number from 1 to {HIGHEST_LEVEL}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What a rule, or every rule, is to leave alone."""

    rule: str | None
    subject_kind: str
    subject_id: UUID
    until: datetime | None
    reason: str
    references: tuple[Reference, ...] = ()


async def exclude_from_alerts(work: UnitOfWork, order: Exclusion) -> UUID:
    """Leave something alone. Raises NotFound, InvalidInput."""
    if order.rule is not None:
        check_rule(order.rule)
    if order.until is not None and order.until <= work.now:
        raise InvalidInput("until", "Give a moment ahead, or none for good.")
    deal = select(Deal.id).where(Deal.id == order.subject_id)
    if order.subject_kind == "deal" and await work.session.scalar(deal) is None:
        raise NotFound("deal", order.subject_id, "dealId")
    if await _count(work, AlertExclusion) >= MOST_EXCLUSIONS:
        raise InvalidInput("reason", f"There are {MOST_EXCLUSIONS} exclusions: change the rule instead.")
    found = AlertExclusion(
        id=new_id(),
        organization_id=work.organization,
        rule=order.rule,
        subject_kind=order.subject_kind,
        subject_id=order.subject_id,
        until=order.until,
        reason=order.reason,
        created_at=work.now,
        created_by_id=work.actor.collaborator,
    )
    work.session.add(found)
    return found.id


async def include_in_alerts(work: UnitOfWork, order: Removal) -> UUID:
    """Take an exclusion back. Raises NotFound."""
    await _remove(work, AlertExclusion, "exclusion", order.id)
    return work.organization


async def _remove(work: UnitOfWork, table: Any, kind: str, id: UUID) -> None:
    if await work.session.scalar(delete(table).where(table.id == id).returning(table.id)) is None:
        raise NotFound(kind, id)


async def _count(work: UnitOfWork, table: Any) -> int:
    return (await work.session.scalars(select(func.count()).select_from(table))).one()


def _change(
    found: AlertCalendar | AlertSetting, work: UnitOfWork, expected: int | None, values: dict[str, Any]
) -> None:
    if expected is not None and expected != found.version:
        raise VersionConflict(expected, found.version)
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.updated_at, found.updated_by_id = work.now, work.actor.collaborator
