"""What the rules find, and the alerts that there are."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from services.deals.model import Alert, Collaborator
from services.deals.rules.base import Rule
from services.deals.states.alert import OPEN, AlertStatus

TRUSTED = timedelta(days=1)
"""How long somebody's word that a defect was mended holds, for rules whose threshold is shorter."""

OPEN_STATUSES = sorted(status.value for status in OPEN)


def to_raise(rule: Rule, now: datetime, threshold: timedelta) -> Select[*tuple[Any, ...]]:
    """The rows of the causes that last long enough and that nobody has dealt with."""
    cause = rule.causes(now, threshold).subquery()
    handled = exists().where(
        Alert.deal_id == cause.c.deal_id,
        Alert.rule == rule.name,
        or_(
            Alert.status.in_(OPEN_STATUSES),
            (Alert.status == AlertStatus.DISMISSED.value) & (Alert.since >= cause.c.since),
            (Alert.status == AlertStatus.RESOLVED.value) & (Alert.ended_at > now - max(threshold, TRUSTED)),
        ),
    )
    return select(cause).where(~handled).order_by(cause.c.organization_id, cause.c.deal_id)


def over(rule: Rule, now: datetime) -> ColumnElement[bool]:
    """Open alerts of a rule whose cause is gone, or has begun anew."""
    cause = rule.causes(now).subquery()
    lasts = exists().where(cause.c.deal_id == Alert.deal_id, cause.c.since <= Alert.since)
    return (Alert.rule == rule.name) & Alert.status.in_(OPEN_STATUSES) & ~lasts


def open_rules(deal: UUID) -> Select[*tuple[Any, ...]]:
    """The rules that have an open alert on a deal."""
    return select(Alert.rule).where(Alert.deal_id == deal, Alert.status.in_(OPEN_STATUSES))


def slept_enough(now: datetime) -> ColumnElement[bool]:
    """Alerts whose snooze is over."""
    return (Alert.status == AlertStatus.SNOOZED.value) & (Alert.snoozed_until <= now)


def last_alert(rule: str, deal: UUID) -> Select[*tuple[Any, ...]]:
    """The id of the newest alert of a rule on a deal."""
    return select(Alert.id).where(Alert.rule == rule, Alert.deal_id == deal).order_by(Alert.id.desc()).limit(1)


def active(collaborators: list[UUID]) -> Select[*tuple[Any, ...]]:
    """Which of these collaborators can act."""
    return select(Collaborator.id).where(Collaborator.id.in_(collaborators), Collaborator.disabled.is_(False))
