"""What the rules find, and the alerts that there are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.deals.model import Alert, AlertExclusion, Collaborator, Deal
from services.deals.queries.wanted import as_rows
from services.deals.rules.activity import planned
from services.deals.rules.base import About, Rule
from services.deals.states.alert import OPEN, AlertStatus
from services.deals.values.alert_settings import Cutoff
from services.deals.values.calendar import MOST_DAYS

TRUSTED = timedelta(days=1)
"""How long somebody's word that a defect was mended holds, for rules whose threshold is shorter."""
_EVER = timedelta(days=MOST_DAYS)

OPEN_STATUSES = sorted(status.value for status in OPEN)


def due(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff]) -> Select[*tuple[Any, ...]]:
    """The rows of a rule's causes that last long enough where they are, with `step` and its cutoff's `at`."""
    latest = max((cutoff.at for cutoff in cutoffs), default=now)
    cause = rule.causes(now, now - latest).subquery("cause")
    cut = as_rows(cutoffs)
    found = select(cause, cut.c.step, cut.c.at)
    concerned: list[Any] = [cause.c.subject_id]
    if rule.habit.about is About.DEAL:
        here = or_(cut.c.stage_id.is_(None), cut.c.stage_id == Deal.stage_id)
        found = found.join(Deal, Deal.id == cause.c.subject_id)
        found = found.join(cut, and_(cut.c.organization_id == cause.c.organization_id, here))
        concerned += [Deal.owner_id, Deal.account_id, Deal.primary_contact_id]
        if any(cutoff.quiet_days for cutoff in cutoffs):
            found = found.where(or_(cut.c.quiet_days == 0, ~planned(now, cut.c.quiet_days)))
    else:
        found = found.join(cut, cut.c.organization_id == cause.c.organization_id)
    found = found.where(cause.c.since <= cut.c.at, ~_excluded(rule, cause, concerned, now))
    if any(cutoff.step for cutoff in cutoffs):
        found = found.ext(distinct_on(cause.c.subject_id)).order_by(cause.c.subject_id, cut.c.step.desc())
    return found


def _excluded(rule: Rule, cause: Any, concerned: Sequence[Any], now: datetime) -> ColumnElement[bool]:
    return exists().where(
        AlertExclusion.organization_id == cause.c.organization_id,
        AlertExclusion.subject_id.in_(concerned),
        or_(AlertExclusion.rule.is_(None), AlertExclusion.rule == rule.name),
        or_(AlertExclusion.until.is_(None), AlertExclusion.until > now),
    )


def to_raise(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff]) -> Select[*tuple[Any, ...]]:
    """The rows of the causes that last long enough and that nobody has dealt with."""
    cause = due(rule, now, cutoffs).subquery("due")
    handled = exists().where(
        Alert.subject_id == cause.c.subject_id,
        Alert.rule == rule.name,
        or_(
            Alert.status.in_(OPEN_STATUSES),
            and_(
                Alert.status == AlertStatus.DISMISSED.value,
                Alert.since >= cause.c.since,
                Alert.step >= cause.c.step,
            ),
            and_(
                Alert.status == AlertStatus.RESOLVED.value,
                Alert.step >= cause.c.step,
                Alert.ended_at > func.least(cause.c.at, now - TRUSTED),
            ),
        ),
    )
    return select(cause).where(~handled).order_by(cause.c.organization_id, cause.c.subject_id)


def over(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff]) -> ColumnElement[bool]:
    """Open alerts of a rule whose cause is gone, has begun anew or has passed another threshold."""
    cause = due(rule, now, cutoffs).subquery("due")
    lasts = exists().where(
        cause.c.subject_id == Alert.subject_id, cause.c.since <= Alert.since, cause.c.step == Alert.step
    )
    return _open(rule) & ~lasts


def gone(rule: Rule, now: datetime, cutoffs: Sequence[Cutoff]) -> ColumnElement[bool]:
    """Open alerts of a rule whose cause is gone or has begun anew, whatever its thresholds: for that very write."""
    ever = {cutoff._replace(step=0, at=now + _EVER) for cutoff in cutoffs}
    cause = due(rule, now, sorted(ever, key=str)).subquery("due")
    lasts = exists().where(cause.c.subject_id == Alert.subject_id, cause.c.since <= Alert.since)
    return _open(rule) & ~lasts


def _open(rule: Rule) -> ColumnElement[bool]:
    return (Alert.rule == rule.name) & Alert.status.in_(OPEN_STATUSES)


def open_rules(subject: UUID) -> Select[*tuple[Any, ...]]:
    """The rules that have an open alert on a deal, contact or account."""
    return select(Alert.rule).where(Alert.subject_id == subject, Alert.status.in_(OPEN_STATUSES))


def slept_enough(now: datetime) -> ColumnElement[bool]:
    """Alerts whose snooze is over."""
    return (Alert.status == AlertStatus.SNOOZED.value) & (Alert.snoozed_until <= now)


def last_alert(rule: str, subject: UUID) -> Select[*tuple[Any, ...]]:
    """The id of the newest alert of a rule on a deal, contact or account."""
    return select(Alert.id).where(Alert.rule == rule, Alert.subject_id == subject).order_by(Alert.id.desc()).limit(1)


def active(collaborators: list[UUID]) -> Select[*tuple[Any, ...]]:
    """Which of these collaborators can act."""
    return select(Collaborator.id).where(Collaborator.id.in_(collaborators), Collaborator.disabled.is_(False))
