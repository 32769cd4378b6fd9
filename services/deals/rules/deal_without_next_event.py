"""An open deal on which nothing is planned: after a while, somebody should plan something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from chassis.identifiers import format_id
from services.deals.model import Deal, Event, Task
from services.deals.rules.base import ENGLISH, FRENCH, Case, Language, Severity, Suggestion
from services.deals.states import deal as phases
from services.deals.states.task import TaskStatus

QUIET_AT_MOST = timedelta(days=60)
_MORNING = time(10)
_APPOINTMENT = timedelta(minutes=30)
_SATURDAY = 5

_REASONS = {
    FRENCH: "Aucun événement n'est prévu, et le dernier remonte à {days} ({day}).",
    ENGLISH: "No event is planned, and the last one was {days} ago ({day}).",
}
_LABELS = {
    FRENCH: ("Planifier un rendez-vous", "Donner une consigne"),
    ENGLISH: ("Plan an appointment", "Assign an instruction"),
}
_TITLES = {
    FRENCH: ("Point sur « {title} »", "Relancer « {title} »"),
    ENGLISH: ("Review of “{title}”", "Follow up on “{title}”"),
}


@dataclass(frozen=True)
class DealWithoutNextEvent:
    """See services.deals.rules.base.Rule."""

    name: str = "deal_without_next_event"
    severity: Severity = Severity.WARNING
    threshold: timedelta = timedelta(days=2)

    def causes(self, now: datetime, lasting: timedelta = timedelta()) -> Select[*tuple[Any, ...]]:
        """Open deals with nothing ahead, since the last thing that happened on them."""
        return select(Deal.organization_id, Deal.id.label("deal_id"), _last(now).label("since")).where(
            Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]),
            Deal.created_at <= now - lasting,
            ~_stirring(now, lasting),
        )

    def figures(self, since: datetime) -> dict[str, str]:
        """`last_event_at`, ISO 8601."""
        return {"last_event_at": since.isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """When the last event was, and how long ago."""
        last = datetime.fromisoformat(figures["last_event_at"])
        day = f"{last:%d/%m/%Y}" if language == FRENCH else f"{last:%Y-%m-%d}"
        return _REASONS[language].format(days=_days((now - last).days, language), day=day)

    def suggestions(self, case: Case) -> list[Suggestion]:
        """An appointment on the next working day, or an instruction to the owner until then."""
        starts_at = _next_working_morning(case.now, case.time_zone)
        title, instruction = (template.format(title=case.deal_title[:150]) for template in _TITLES[case.language])
        deal = format_id("deal", case.deal_id)
        somebody = case.owner_id or case.viewer_id
        assignee = format_id("collaborator", somebody) if somebody else None
        appointment = {
            "dealId": deal,
            "title": title,
            "startsAt": starts_at.isoformat(),
            "endsAt": (starts_at + _APPOINTMENT).isoformat(),
            "timeZone": case.time_zone,
            "concernedIds": [assignee] if assignee else [],
        }
        task = {"dealId": deal, "title": instruction, "assigneeId": assignee, "dueAt": starts_at.isoformat()}
        plan, assign = _LABELS[case.language]
        found = [Suggestion(plan, "planAppointment", {"input": appointment})]
        return found if assignee is None else [*found, Suggestion(assign, "giveInstruction", {"input": task})]


DEAL_WITHOUT_NEXT_EVENT = DealWithoutNextEvent()


def _days(count: int, language: Language) -> str:
    """A number of days with its noun: zero is singular in French, and plural in English."""
    one, many = ("jour", "jours") if language == FRENCH else ("day", "days")
    singular = count < 2 if language == FRENCH else count == 1
    return f"{count} {one if singular else many}"


def _stirring(now: datetime, lately: timedelta) -> ColumnElement[bool]:
    """An appointment or a due task ahead, not too far ahead to be an excuse, or something that happened lately.

    One anti-join over events for all deals; what happened last is then looked up for the few deals that are left.
    """
    horizon = now + QUIET_AT_MOST
    appointment = and_(Event.ends_at > now, Event.starts_at <= horizon)
    due_at = func.coalesce(Task.due_at, Event.created_at + QUIET_AT_MOST)
    task = and_(Task.status == TaskStatus.OPEN.value, due_at.between(now, horizon))
    return (
        select(Event.id)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None))
        .where(or_(appointment, task, _happened(now) > now - lately))
        .correlate(Deal)
        .exists()
    )


def _happened(now: datetime) -> ColumnElement[datetime]:
    """When an event was written, took place, was done or was due, whichever came last."""
    return func.greatest(
        Event.created_at,
        case((Event.ends_at <= now, Event.ends_at)),
        Task.completed_at,
        case((Task.due_at <= now, Task.due_at)),
    )


def _last(now: datetime) -> ColumnElement[datetime]:
    """When the last thing happened; the deal's beginning where there is none."""
    latest = (
        select(func.max(_happened(now)))
        .select_from(Event)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None))
        .correlate(Deal)
        .scalar_subquery()
    )
    return func.greatest(Deal.created_at, latest)


def _next_working_morning(now: datetime, zone: str) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, _MORNING, ZoneInfo(zone))
