"""The life of alerts, from the cause that raises one to the act that ends it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, VersionConflict
from services.deals import events
from services.deals.commands.history import Fact, record_all, subject_of, subjects_of
from services.deals.commands.locking import locked
from services.deals.errors import AlreadyTakenInCharge
from services.deals.model import Alert
from services.deals.queries import alerts as queries
from services.deals.queries.copies import collaborator_name
from services.deals.queries.wanted import cutoffs, wanted
from services.deals.rules import RULES
from services.deals.rules.base import About
from services.deals.states import alert as states
from services.deals.states.alert import AlertStatus
from services.deals.values.alert_settings import Wanted
from services.deals.values.references import Reference
from services.deals.values.subject import Subject

LONGEST_SNOOZE = timedelta(days=90)
_WOKEN = "alert_woken"


async def close_what_is_over(work: UnitOfWork, *subjects: UUID | None) -> None:
    """Close the alerts of deals, contacts or accounts whose cause this transaction took away."""
    among = [subject for subject in subjects if subject is not None]
    if not among:
        return
    await work.session.flush()
    names = (await work.session.scalars(queries.open_rules(among))).all()
    told = await wanted_here(work) if names else []
    for name in names:
        cut = cutoffs(RULES[name], told, work.now, {})
        await close_all(work, queries.gone(RULES[name], work.now, cut, among))


async def wanted_here(work: UnitOfWork) -> list[Wanted]:
    """The settings of this organization."""

    async def fetch(statement: Any) -> Any:
        return (await work.session.execute(statement)).all()

    return await wanted(fetch)


async def close_all(work: UnitOfWork, where: Any) -> int:
    """Close the alerts that fulfil a condition, in this organization. How many."""
    found = await _claimed(work, where)
    await _become_all(work, found, AlertStatus.CLOSED, "alert_closed")
    return len(found)


async def wake(work: UnitOfWork, where: Any) -> int:
    """End the snooze of the alerts that fulfil a condition. How many."""
    found = await _claimed(work, where)
    for status, woken in groupby(sorted(found, key=_after_sleep), _after_sleep):
        await _become_all(work, list(woken), status, _WOKEN)
    return len(found)


async def _claimed(work: UnitOfWork, where: Any) -> Sequence[Alert]:
    statement = select(Alert).where(where).order_by(Alert.id).with_for_update(skip_locked=True)
    return (await work.session.scalars(statement)).all()


def _after_sleep(alert: Alert) -> AlertStatus:
    return states.woken(AlertStatus(alert.status), taken=alert.taken_in_charge_by_id is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """An alert, and what is said about it: a reason, or until when it may wait."""

    id: UUID
    reason: str | None = None
    until: datetime | None = None
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def take_charge_of_alert(work: UnitOfWork, order: Handling) -> UUID:
    """Take charge; again by the same collaborator changes nothing.

    Raises NotFound, AlertEnded, VersionConflict, and AlreadyTakenInCharge where somebody else was first.
    """
    alert = await locked(work, Alert, order.id)
    if states.held_by_another(AlertStatus(alert.status), alert.taken_in_charge_by_id, work.actor.collaborator):
        raise await _already_taken(work, alert)
    if order.expected_version not in (None, alert.version):
        raise VersionConflict(order.expected_version, alert.version)
    if alert.status != AlertStatus.TAKEN_IN_CHARGE:
        alert.taken_in_charge_by_id, alert.taken_in_charge_at = work.actor.collaborator, work.now
        await _become(work, alert, AlertStatus.TAKEN_IN_CHARGE, "alert_taken_in_charge")
    return alert.id


async def _already_taken(work: UnitOfWork, alert: Alert) -> AlreadyTakenInCharge:
    taker, at = alert.taken_in_charge_by_id, alert.taken_in_charge_at
    if taker is None or at is None:
        raise ValueError("a taken alert has its taker")
    return AlreadyTakenInCharge(taker, await work.session.scalar(collaborator_name(taker)), at)


async def resolve_alert(work: UnitOfWork, order: Handling) -> UUID:
    """Say that the defect was mended. Raises NotFound, AlertEnded."""
    alert = await locked(work, Alert, order.id, version=order.expected_version)
    await _become(work, alert, AlertStatus.RESOLVED, "alert_resolved", order.reason)
    return alert.id


async def dismiss_alert(work: UnitOfWork, order: Handling) -> UUID:
    """Say that it is no defect; it stays quiet until its cause begins anew. Raises NotFound, AlertEnded."""
    alert = await locked(work, Alert, order.id, version=order.expected_version)
    await _become(work, alert, AlertStatus.DISMISSED, "alert_dismissed", order.reason)
    return alert.id


async def snooze_alert(work: UnitOfWork, order: Handling) -> UUID:
    """Let it wait. Raises NotFound, AlertEnded, InvalidInput for a moment past or over LONGEST_SNOOZE ahead."""
    if order.until is None or not work.now < order.until <= work.now + LONGEST_SNOOZE:
        raise InvalidInput("until", f"Give a moment ahead, at most {LONGEST_SNOOZE.days} days.")
    alert = await locked(work, Alert, order.id, version=order.expected_version)
    await _become(work, alert, AlertStatus.SNOOZED, "alert_snoozed", order.reason, until=order.until)
    return alert.id


async def _become(
    work: UnitOfWork,
    alert: Alert,
    wanted: AlertStatus,
    fact: str,
    reason: str | None = None,
    until: datetime | None = None,
) -> None:
    states.follow(AlertStatus(alert.status), wanted)
    await _become_all(work, [alert], wanted, fact, reason, until)


async def _become_all(
    work: UnitOfWork,
    alerts: Sequence[Alert],
    wanted: AlertStatus,
    fact: str,
    reason: str | None = None,
    until: datetime | None = None,
) -> None:
    """Some statements for all of them, however many."""
    before, woken = {alert.id: alert.status for alert in alerts}, fact == _WOKEN
    for alert in alerts:
        alert.status, alert.snoozed_until = wanted.value, until
        alert.version += 1
        if woken:
            alert.woken_at = work.now
        if wanted in states.ENDED:
            alert.ended_at, alert.ended_by_id, alert.ending_reason = work.now, work.actor.collaborator, reason
    about = [(alert, subject) async for alert, subject in _with_subjects(work, alerts)]
    told: dict[str, tuple[Any, Any]] = {"reason": (None, reason)} if reason else {}
    facts = [
        Fact(subject, {"alert_id": (None, alert.id), "status": (before[alert.id], alert.status), **told}, alert.id)
        for alert, subject in about
    ]
    if facts:
        await record_all(work, fact, facts)
        await work.emit(*(events.alert_changed(alert, subject, woken=woken) for alert, subject in about))


async def _with_subjects(work: UnitOfWork, alerts: Sequence[Alert]) -> AsyncIterator[tuple[Alert, Subject]]:
    for kind in About:
        mine = [alert for alert in alerts if getattr(alert, f"{kind.value}_id") is not None]
        if mine:
            ids = [getattr(alert, f"{kind.value}_id") for alert in mine]
            subjects = await subjects_of(work, kind.value, ids)
            for alert, id in zip(mine, ids, strict=True):
                yield alert, subjects[id]


async def credit_remedy(work: UnitOfWork, order: Handling) -> UUID:
    """Say which suggestion, carried out just now, mended the defect; `reason` is its mutation. Raises NotFound."""
    alert = await locked(work, Alert, order.id)
    if AlertStatus(alert.status) in states.OPEN:
        await _become(work, alert, AlertStatus.RESOLVED, "alert_resolved")
    elif alert.status == AlertStatus.CLOSED.value:
        # The suggestion took the cause away in its own transaction, and that closed the alert.
        alert.status, alert.version = AlertStatus.RESOLVED.value, alert.version + 1
        subject = await subject_of(work, alert.deal_id, alert.contact_id, alert.account_id)
        await work.emit(events.alert_changed(alert, subject))
    alert.ending_remedy = order.reason
    return alert.id
