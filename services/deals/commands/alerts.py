"""The life of alerts, from the cause that raises one to the act that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, VersionConflict
from chassis.identifiers import new_id
from chassis.plans import Feature
from proto.deals.v1.messages_pb2 import Alert as Message
from services.deals import events
from services.deals.commands.history import place, record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import AlreadyTakenInCharge
from services.deals.model import Account, Alert, Contact, Deal, Organization
from services.deals.queries import alerts as queries
from services.deals.queries.copies import collaborator_name, read_standing, standing
from services.deals.queries.wanted import cutoffs, wanted
from services.deals.rules import RULES
from services.deals.rules.base import ENGLISH, FRENCH, About, Case, Rule
from services.deals.states import alert as states
from services.deals.states.alert import AlertStatus
from services.deals.values.alert_settings import Cutoff, Wanted
from services.deals.values.references import Reference
from services.deals.values.subject import Subject

LONGEST_SNOOZE = timedelta(days=90)
Words = Message.Words


_TABLES: dict[About, Any] = {About.DEAL: Deal, About.CONTACT: Contact, About.ACCOUNT: Account}


async def raise_alerts(work: UnitOfWork, rule: Rule, cutoffs: Sequence[Cutoff], subjects: list[UUID]) -> int:
    """Raise the rule's alerts on those of its subjects that still have its cause. How many were raised.

    The subjects are locked first: an event that is being written on a deal either is seen, or waits and closes the
    alert. While the organization's plan has no alerts none is raised; the sweep after that raises what still holds.
    """
    plan = read_standing((await work.session.execute(standing())).first())
    if not plan.allows(Feature.ALERTS, work.now):
        return 0
    table = _TABLES[rule.habit.about]
    lock = select(table.id).where(table.id.in_(subjects)).order_by(table.id)
    mine = list((await work.session.scalars(lock.with_for_update(key_share=True, skip_locked=True))).all())
    due = queries.to_raise(rule, work.now, cutoffs)
    rows = (await work.session.execute(due.where(due.selected_columns.subject_id.in_(mine)))).all()
    return sum([await _raise(work, rule, row) for row in rows])


async def _raise(work: UnitOfWork, rule: Rule, cause: Row[Any]) -> bool:
    about = {f"{rule.habit.about.value}_id": cause.subject_id}
    subject = await subject_of(work, **about)
    values = {
        **about,
        "id": new_id(),
        "organization_id": work.organization,
        "version": 1,
        "rule": rule.name,
        "severity": rule.severity.value,
        "status": AlertStatus.RAISED.value,
        "since": cause.since,
        "step": cause.step,
        "escalation": 0,
        "figures": rule.figures(cause._asdict()),
        "addressee_ids": await _addressees(work, subject),
        "raised_at": work.now,
        "predecessor_id": await work.session.scalar(queries.last_alert(rule.name, cause.subject_id)),
    }
    statement = insert(Alert).values(values).on_conflict_do_nothing().returning(Alert)
    alert = await work.session.scalar(statement)
    if alert is None:
        return False
    await place(work, subject, "alert", alert.id, alert.raised_at)
    await work.emit(events.alert_raised(alert, subject, await words(work, alert, subject)))
    return True


async def words(work: UnitOfWork, alert: Alert, subject: Subject) -> list[Words]:
    """What a mail says of an alert, in each language, to whoever should take charge."""
    rule = RULES[alert.rule]
    zone = await work.session.scalar(select(Organization.time_zone))
    phase = await work.session.scalar(select(Deal.phase).where(Deal.id == alert.deal_id))
    found = []
    for language in (FRENCH, ENGLISH):
        case = Case(
            deal_id=alert.deal_id,
            deal_title=subject.deal_title,
            phase=phase or "",
            owner_id=subject.owner_id,
            viewer_id=next(iter(alert.addressee_ids), None),
            now=work.now,
            time_zone=zone or "UTC",
            language=language,
            figures=alert.figures,
            contact_id=alert.contact_id,
            account_id=alert.account_id,
        )
        labels = [one.label for one in rule.suggestions(case)]
        told = (rule.headlines[language], rule.reason(alert.figures, work.now, language), labels)
        found.append(events.words_of(language, *told))
    return found


async def _addressees(work: UnitOfWork, subject: Subject) -> list[UUID]:
    """Who should take charge: the owner, else a relationship manager; nobody means the admins."""
    candidates = [id for id in (subject.owner_id, *subject.relationship_manager_ids) if id is not None]
    active = set((await work.session.scalars(queries.active(candidates))).all())
    return [id for id in candidates if id in active][:1]


async def close_what_is_over(work: UnitOfWork, subject: UUID | None) -> None:
    """Close the alerts of a deal, contact or account whose cause this transaction took away."""
    if subject is None:
        return
    await work.session.flush()
    names = (await work.session.scalars(queries.open_rules(subject))).all()
    told = await wanted_here(work) if names else []
    for name in names:
        cut = cutoffs(RULES[name], told, work.now, {})
        await close_all(work, queries.gone(RULES[name], work.now, cut) & (Alert.subject_id == subject))


async def wanted_here(work: UnitOfWork) -> list[Wanted]:
    """The settings of this organization."""

    async def fetch(statement: Any) -> Any:
        return (await work.session.execute(statement)).all()

    return await wanted(fetch)


async def close_all(work: UnitOfWork, where: Any) -> int:
    """Close the alerts that fulfil a condition, in this organization. How many."""
    statement = select(Alert).where(where).order_by(Alert.id).with_for_update(skip_locked=True)
    found = (await work.session.scalars(statement)).all()
    for alert in found:
        await _become(work, alert, AlertStatus.CLOSED, "alert_closed")
    return len(found)


async def wake(work: UnitOfWork, where: Any) -> int:
    """End the snooze of the alerts that fulfil a condition. How many."""
    statement = select(Alert).where(where).order_by(Alert.id).with_for_update(skip_locked=True)
    found = (await work.session.scalars(statement)).all()
    for alert in found:
        status = states.woken(AlertStatus(alert.status), taken=alert.taken_in_charge_by_id is not None)
        await _become(work, alert, status, "alert_woken")
    return len(found)


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
    before, status = alert.status, states.follow(AlertStatus(alert.status), wanted)
    alert.status, alert.snoozed_until = status.value, until
    alert.version += 1
    if status in states.ENDED:
        alert.ended_at, alert.ended_by_id, alert.ending_reason = work.now, work.actor.collaborator, reason
    subject = await subject_of(work, alert.deal_id, alert.contact_id, alert.account_id)
    changes: dict[str, tuple[Any, Any]] = {"alert_id": (None, alert.id), "status": (before, alert.status)}
    if reason:
        changes["reason"] = (None, reason)
    await record(work, fact, subject, changes, thing=alert.id)
    await work.emit(events.alert_changed(alert, subject))


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
