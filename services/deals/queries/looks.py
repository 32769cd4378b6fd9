"""Which subjects a turn has to look at, and when the clock alone may change what is to say of each."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, func, literal, or_, select, true

from chassis.arrays import one_of
from services.deals.model import Alert, AlertCue, AlertExclusion, AlertLook, AlertTurn, Deal, Organization
from services.deals.rules.base import About, Rule
from services.deals.states.alert import AlertStatus

_EVER = timedelta(days=36_500)


def cues(after: int, limit: int, only: UUID | None) -> Select[*tuple[Any, ...]]:
    """`id, organization_id, subject_id` of the oldest cues beyond an id."""
    found = select(AlertCue.id, AlertCue.organization_id, AlertCue.subject_id).where(AlertCue.id > after)
    return found.where(_of(AlertCue.organization_id, only)).order_by(AlertCue.id).limit(limit)


def looks(now: datetime, limit: int, only: UUID | None) -> Select[*tuple[Any, ...]]:
    """`organization_id, subject_id` of those whose time has come, the longest waiting first."""
    found = select(AlertLook.organization_id, AlertLook.subject_id).where(AlertLook.look_at < now)
    return found.where(_of(AlertLook.organization_id, only)).order_by(AlertLook.look_at).limit(limit)


def pending(subject: Any, now: datetime) -> ColumnElement[bool]:
    """Whether a subject is still to be looked at."""
    cued = select(AlertCue.id).where(AlertCue.subject_id == subject)
    awaited = select(AlertLook.subject_id).where(AlertLook.subject_id == subject, AlertLook.look_at <= now)
    return or_(cued.exists(), awaited.exists())


def strangers(habits: str, now: datetime, only: UUID | None) -> Select[*tuple[UUID]]:
    """Organizations that were never looked at by these rules, or whose last turn lies ahead: the clock was set back."""
    known = AlertTurn.organization_id == Organization.id
    other = or_(AlertTurn.organization_id.is_(None), AlertTurn.habits != habits, AlertTurn.turned_at > now)
    found = select(Organization.id).outerjoin(AlertTurn, known).where(other, _of(Organization.id, only))
    return found.order_by(Organization.id)


def unaudited(since: datetime, only: UUID | None) -> Select[*tuple[UUID]]:
    """Organizations that were not audited since a moment."""
    of = _of(AlertTurn.organization_id, only)
    return select(AlertTurn.organization_id).where(AlertTurn.audited_at < since, of).limit(1)


def begun(rule: Rule, now: datetime, among: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """`subject_id, since, stage_id` of a rule's causes, those that begin ahead of now included."""
    cause = rule.causes(now, -_EVER, among).subquery("cause")
    if rule.habit.about is not About.DEAL:
        found = select(cause.c.subject_id, cause.c.since, literal(None, Uuid()).label("stage_id"))
    else:
        found = select(cause.c.subject_id, cause.c.since, Deal.stage_id).join(Deal, Deal.id == cause.c.subject_id)
    return found.where(one_of(cause.c.subject_id, among))


def mended(among: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """`rule, subject_id, ended_at, stage_id` where somebody said that a defect was mended."""
    found = select(Alert.rule, Alert.subject_id, Alert.ended_at, Deal.stage_id).outerjoin(
        Deal, Deal.id == Alert.deal_id
    )
    return found.where(one_of(Alert.subject_id, among), Alert.status == AlertStatus.RESOLVED.value)


def exclusions_end(organizations: Collection[UUID], now: datetime) -> Select[*tuple[Any, ...]]:
    """`organization_id, until` of the exclusion of each organization that ends next."""
    until = func.min(AlertExclusion.until).label("until")
    mine = one_of(AlertExclusion.organization_id, organizations)
    found = select(AlertExclusion.organization_id, until).where(mine, AlertExclusion.until >= now)
    return found.group_by(AlertExclusion.organization_id)


def _of(organization: Any, only: UUID | None) -> ColumnElement[bool]:
    return true() if only is None else organization == only
