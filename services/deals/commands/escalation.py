"""Alerts of which nobody takes charge go to somebody else: to the manager, then to the administrators."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, true

from chassis.database import UnitOfWork
from services.deals import events
from services.deals.commands.history import record, subject_of
from services.deals.commands.raising import words_of
from services.deals.model import Alert, Collaborator, Team, TeamMember
from services.deals.rules import RULES
from services.deals.states.alert import AlertStatus
from services.deals.values.alert_settings import ESCALATION_DAYS, Wanted

TO_MANAGER, TO_ADMINISTRATORS = 1, 2
SINCE = func.greatest(Alert.raised_at, Alert.escalated_at, Alert.woken_at)
_SHORTEST = timedelta(hours=23)
"""The shortest day of the year, where clocks change."""


def waiting(
    now: datetime, organization: UUID | None = None, after: UUID = UUID(int=0), limit: int | None = None
) -> Select[*tuple[Any, ...]]:
    """Alerts, of one organization or all, that are somebody's and that nobody has; administrators' go no further.

    In the order of their ids, those beyond `after`; none that is younger than any calendar allows.
    """
    columns = (Alert.organization_id, Alert.id, Alert.rule, Alert.escalation, SINCE.label("since"))
    return (
        select(*columns)
        .where(
            Alert.status == AlertStatus.RAISED.value,
            Alert.escalation < TO_ADMINISTRATORS,
            func.cardinality(Alert.addressee_ids) > 0,
            now - _SHORTEST >= SINCE,
            Alert.organization_id == organization if organization else true(),
        )
        .where(Alert.id > after)
        .order_by(Alert.id)
        .limit(limit)
    )


def overdue(rows: Iterable[Row[Any]], told: Mapping[UUID, Wanted], now: datetime) -> list[tuple[UUID, UUID]]:
    """Organization and id of those that waited long enough."""
    found: list[tuple[UUID, UUID]] = []
    for row in rows:
        wanted = told.get(row.organization_id)
        days = _days(row.rule, wanted) if wanted else ()
        if wanted is None or row.escalation >= len(days):
            continue
        if row.since <= wanted.before(now, timedelta(days=days[row.escalation]), working=True):
            found.append((row.organization_id, row.id))
    return sorted(found)


def _days(rule: str, wanted: Wanted) -> tuple[int, ...]:
    """The organization's, or the rule's own where the organization has not said."""
    usual = RULES[rule].habit.escalation_days if rule in RULES else None
    return usual if usual is not None and wanted.escalation_days == ESCALATION_DAYS else wanted.escalation_days


async def escalate(work: UnitOfWork, ids: Sequence[UUID]) -> int:
    """Hand over those of these alerts of which nobody took charge meanwhile. How many."""
    still = select(Alert).where(Alert.id.in_(ids), Alert.status == AlertStatus.RAISED.value).order_by(Alert.id)
    alerts = (await work.session.scalars(still.with_for_update(skip_locked=True))).all()
    for alert in alerts:
        await _hand_over(work, alert)
    return len(alerts)


async def _hand_over(work: UnitOfWork, alert: Alert) -> None:
    managers = await _managers(work, alert.addressee_ids) if alert.escalation < TO_MANAGER else []
    alert.escalation = TO_MANAGER if managers else TO_ADMINISTRATORS
    alert.addressee_ids, alert.escalated_at = managers, work.now
    alert.version += 1
    subject = await subject_of(work, alert.deal_id, alert.contact_id, alert.account_id)
    await record(work, "alert_escalated", subject, {"alert_id": (None, alert.id), "addressee": (None, managers)})
    words = await words_of(work, [(alert, subject)])
    await work.emit(events.alert_changed(alert, subject, words[alert.id]))


async def _managers(work: UnitOfWork, people: Sequence[UUID]) -> list[UUID]:
    """Who leads the teams of these people, and can act."""
    leads = (
        select(Team.lead_id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .join(Collaborator, Collaborator.id == Team.lead_id)
        .where(TeamMember.collaborator_id.in_(people), ~Team.deleted, ~Collaborator.disabled)
        .distinct()
    )
    found = await work.session.scalars(leads)
    return sorted(lead for lead in found if lead is not None and lead not in people)
