"""What the rules find, and the alerts that there are."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.arrays import one_of
from services.deals.model import Alert, AlertExclusion, Collaborator, Deal
from services.deals.queries.wanted import as_rows
from services.deals.rules.activity import is_planned, keeps_quiet
from services.deals.rules.base import About, Among, Rule
from services.deals.states.alert import OPEN, AlertStatus
from services.deals.values.alert_settings import Cutoff
from services.deals.values.calendar import MOST_DAYS

TRUSTED = timedelta(days=1)
"""How long somebody's word that a defect was mended holds, for rules whose threshold is shorter."""
_EVER = timedelta(days=MOST_DAYS)

OPEN_STATUSES = sorted(status.value for status in OPEN)


def due(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff], among: Among = None) -> Select[*tuple[Any, ...]]:
    """The rows of a rule's causes that last long enough where they are, with `step` and its cutoff's `at` and `more`.

    Of all subjects, or of a few: `among`.
    """
    latest = max((cutoff.at for cutoff in cutoffs), default=now)
    cause = rule.causes(now, now - latest, among).subquery("cause")
    cut = as_rows(cutoffs)
    found = select(cause, cut.c.step, cut.c.at, cut.c.more)
    concerned: list[Any] = [cause.c.subject_id]
    if rule.habit.about is About.DEAL:
        here = or_(cut.c.stage_id.is_(None), cut.c.stage_id == Deal.stage_id)
        found = found.join(Deal, Deal.id == cause.c.subject_id)
        found = found.join(cut, and_(cut.c.organization_id == cause.c.organization_id, here))
        concerned += [Deal.owner_id, Deal.account_id, Deal.primary_contact_id]
        if any(cutoff.quiet_days for cutoff in cutoffs):
            found = found.where(*_unplanned(cause, now, cut.c.quiet_days))
    else:
        found = found.join(cut, cut.c.organization_id == cause.c.organization_id)
    found = found.where(cause.c.since <= cut.c.at, ~_excluded(rule, cause, concerned, now))
    if among is not None:
        found = found.where(one_of(cause.c.subject_id, among))
    first: list[Any] = [cut.c.step.desc()] if any(cutoff.step for cutoff in cutoffs) else []
    if rule.habit.level is not None:
        found = found.where(cause.c.level >= cut.c.level)
        first.append(cause.c.level)
    return found.ext(distinct_on(cause.c.subject_id)).order_by(cause.c.subject_id, *first) if first else found


def _unplanned(cause: Any, now: datetime, quiet_days: ColumnElement[int]) -> list[ColumnElement[bool]]:
    if "soonest" in cause.c:
        return [or_(quiet_days == 0, ~keeps_quiet(cause.c, now, quiet_days))]
    return [~planned for planned in is_planned(cause.c.subject_id, now, quiet_days)]


def _excluded(rule: Rule, cause: Any, concerned: Sequence[Any], now: datetime) -> ColumnElement[bool]:
    return exists().where(
        AlertExclusion.organization_id == cause.c.organization_id,
        AlertExclusion.subject_id.in_(concerned),
        or_(AlertExclusion.rule.is_(None), AlertExclusion.rule == rule.name),
        or_(AlertExclusion.until.is_(None), AlertExclusion.until > now),
    )


def changes(
    rule: Rule, now: datetime, cutoffs: Sequence[Cutoff], only: UUID | None = None, among: Among = None
) -> Select[*tuple[Any, ...]]:
    """All that a rule asks for: `organization_id, subject_id`, and whether to close its alert there, and to raise one.

    Both where a cause has begun anew or has passed another threshold. Of every organization, or of `only` one; of every
    subject, or of those `among` a few.
    """
    cause = due(rule, now, cutoffs, among).cte("due").prefix_with("MATERIALIZED")
    scope = _open(rule) if only is None else _open(rule) & (Alert.organization_id == only)
    if among is not None:
        scope = scope & one_of(Alert.subject_id, among)
    known = select(Alert.organization_id, Alert.subject_id, Alert.since, Alert.step).where(scope).subquery("known")
    organization = func.coalesce(cause.c.organization_id, known.c.organization_id).label("organization_id")
    subject = func.coalesce(cause.c.subject_id, known.c.subject_id).label("subject_id")
    raises, closes = cause.c.subject_id.is_not(None), known.c.subject_id.is_not(None)
    anew = or_(~raises, cause.c.since > known.c.since, cause.c.step != known.c.step)
    return (
        select(organization, subject, closes.label("closes"), raises.label("raises"))
        .select_from(cause.join(known, cause.c.subject_id == known.c.subject_id, full=True))
        .where(or_(and_(~closes, ~_handled(rule, cause, now)), and_(closes, anew)))
        .order_by(organization, subject)
    )


def to_raise(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff], among: Among = None) -> Select[*tuple[Any, ...]]:
    """The rows of the causes that last long enough and that nobody has dealt with."""
    cause = due(rule, now, cutoffs, among).subquery("due")
    known = exists().where(Alert.subject_id == cause.c.subject_id, _open(rule))
    dealt_with = or_(known, _handled(rule, cause, now))
    return select(cause).where(~dealt_with).order_by(cause.c.organization_id, cause.c.subject_id)


def _handled(rule: Rule, cause: Any, now: datetime) -> ColumnElement[bool]:
    """Somebody dismissed just this cause, or said that it was mended: lately, or until its next threshold is passed."""
    dismissed = and_(Alert.status == AlertStatus.DISMISSED.value, Alert.since >= cause.c.since)
    lately = Alert.ended_at > func.least(cause.c.at, now - TRUSTED)
    until_the_next = and_(cause.c.more, Alert.since >= cause.c.since)
    return exists().where(
        Alert.subject_id == cause.c.subject_id,
        Alert.rule == rule.name,
        Alert.step >= cause.c.step,
        or_(dismissed, and_(Alert.status == AlertStatus.RESOLVED.value, or_(lately, until_the_next))),
    )


def over(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff], among: Collection[UUID]) -> ColumnElement[bool]:
    """Open alerts, on these subjects, whose cause is gone, has begun anew or has passed another threshold."""
    cause = due(rule, now, cutoffs, among).subquery("due")
    lasts = exists().where(
        cause.c.subject_id == Alert.subject_id, cause.c.since <= Alert.since, cause.c.step == Alert.step
    )
    return _open(rule) & one_of(Alert.subject_id, among) & ~lasts


def gone(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff], among: Collection[UUID]) -> ColumnElement[bool]:
    """The same, whatever the rule's thresholds: for the very write that takes a cause away."""
    ever = {cutoff._replace(step=0, at=now + _EVER) for cutoff in cutoffs}
    cause = due(rule, now, sorted(ever, key=str), among).subquery("due")
    lasts = exists().where(cause.c.subject_id == Alert.subject_id, cause.c.since <= Alert.since)
    return _open(rule) & one_of(Alert.subject_id, among) & ~lasts


def _open(rule: Rule) -> ColumnElement[bool]:
    return (Alert.rule == rule.name) & Alert.status.in_(OPEN_STATUSES)


def open_rules(subjects: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """The rules that have an open alert on one of these deals, contacts or accounts."""
    return select(Alert.rule).where(Alert.subject_id.in_(subjects), Alert.status.in_(OPEN_STATUSES)).distinct()


def slept_enough(now: datetime) -> ColumnElement[bool]:
    """Alerts whose snooze is over."""
    return (Alert.status == AlertStatus.SNOOZED.value) & (Alert.snoozed_until <= now)


def last_alerts(rule: str, subjects: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """`subject_id, id` of the newest alert of a rule on each of these deals, contacts or accounts."""
    of_rule = select(Alert.subject_id, Alert.id).where(Alert.rule == rule, Alert.subject_id.in_(subjects))
    return of_rule.ext(distinct_on(Alert.subject_id)).order_by(Alert.subject_id, Alert.id.desc())


def active(collaborators: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Which of these collaborators can act."""
    return select(Collaborator.id).where(Collaborator.id.in_(collaborators), Collaborator.disabled.is_(False))
