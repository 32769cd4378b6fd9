"""Alerts as they begin. Some statements for a whole batch: an import of neglected deals raises them by the thousand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from chassis.plans import Feature
from proto.deals.v1.messages_pb2 import Alert as Message
from services.deals import events
from services.deals.commands.history import Entry, place_all, subjects_of
from services.deals.model import Account, Alert, Contact, Deal, Organization
from services.deals.queries import alerts as queries
from services.deals.queries.copies import read_standing, standing
from services.deals.rules import RULES
from services.deals.rules.base import ENGLISH, FRENCH, About, Case, Rule
from services.deals.states.alert import AlertStatus
from services.deals.values.alert_settings import Cutoff
from services.deals.values.subject import Subject

Words = Message.Words
_TABLES: dict[About, Any] = {About.DEAL: Deal, About.CONTACT: Contact, About.ACCOUNT: Account}
_UTC = "UTC"


async def raise_alerts(work: UnitOfWork, rule: Rule, cutoffs: Sequence[Cutoff], subjects: Collection[UUID]) -> int:
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
    causes = (await work.session.execute(queries.to_raise(rule, work.now, cutoffs, mine))).all()
    return await _raise(work, rule, causes) if causes else 0


async def _raise(work: UnitOfWork, rule: Rule, causes: Sequence[Row[Any]]) -> int:
    ids = [cause.subject_id for cause in causes]
    subjects = await subjects_of(work, rule.habit.about.value, ids)
    before = {row.subject_id: row.id for row in await work.session.execute(queries.last_alerts(rule.name, ids))}
    able = await _able(work, subjects.values())
    rows = [
        _row(work, rule, cause, [id for id in _candidates(subjects[cause.subject_id]) if id in able][:1])
        | {"predecessor_id": before.get(cause.subject_id)}
        for cause in causes
    ]
    begin = insert(Alert).values(rows).on_conflict_do_nothing().returning(Alert)
    alerts = (await work.session.scalars(begin)).all()
    about = [(alert, subjects[alert.subject_id]) for alert in alerts]
    await place_all(work, "alert", [Entry(subject, alert.id, alert.raised_at) for alert, subject in about])
    words = await words_of(work, about)
    await work.emit(*(events.alert_raised(alert, subject, words[alert.id]) for alert, subject in about))
    return len(alerts)


def _row(work: UnitOfWork, rule: Rule, cause: Row[Any], addressees: Sequence[UUID]) -> dict[str, Any]:
    return {
        f"{rule.habit.about.value}_id": cause.subject_id,
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
        "addressee_ids": addressees,
        "raised_at": work.now,
    }


def _candidates(subject: Subject) -> list[UUID]:
    """Who should take charge, if they can act: the owner, else a relationship manager; nobody means the admins."""
    return [id for id in (subject.owner_id, *subject.relationship_manager_ids) if id is not None]


async def _able(work: UnitOfWork, subjects: Collection[Subject]) -> set[UUID]:
    named = {id for subject in subjects for id in _candidates(subject)}
    return set((await work.session.scalars(queries.active(named))).all()) if named else set()


async def words_of(work: UnitOfWork, about: Sequence[tuple[Alert, Subject]]) -> dict[UUID, list[Words]]:
    """What a mail says of each alert, in each language, to whoever should take charge."""
    zone = await work.session.scalar(select(Organization.time_zone)) or _UTC
    deals = {subject.deal_id for _, subject in about if subject.deal_id is not None}
    known = await work.session.execute(select(Deal.id, Deal.phase).where(Deal.id.in_(deals)))
    phases = {row.id: row.phase for row in known}
    return {alert.id: _words(work, alert, subject, phases, zone) for alert, subject in about}


def _words(work: UnitOfWork, alert: Alert, subject: Subject, phases: Mapping[UUID, str], zone: str) -> list[Words]:
    rule = RULES[alert.rule]
    found = []
    for language in (FRENCH, ENGLISH):
        case = Case(
            deal_id=alert.deal_id,
            deal_title=subject.deal_title,
            phase=phases.get(alert.deal_id, "") if alert.deal_id else "",
            owner_id=subject.owner_id,
            viewer_id=next(iter(alert.addressee_ids), None),
            now=work.now,
            time_zone=zone,
            language=language,
            figures=alert.figures,
            contact_id=alert.contact_id,
            account_id=alert.account_id,
        )
        labels = [one.label for one in rule.suggestions(case)]
        told = (rule.headlines[language], rule.reason(alert.figures, work.now, language), labels)
        found.append(events.words_of(language, *told))
    return found
