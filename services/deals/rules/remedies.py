"""Remedies that several rules propose, and the words they share."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.identifiers import format_id
from services.deals.rules.base import FRENCH, Case, Language, Suggestion

_MORNING = time(10)
_APPOINTMENT = timedelta(minutes=30)
_SATURDAY = 5
MOST_OF_A_TITLE = 150


def plan_appointment(case: Case, label: str, title: str) -> Suggestion:
    """Half an hour on the next working morning, with the owner or whoever looks."""
    starts_at = next_working_morning(case.now, case.time_zone)
    somebody = case.owner_id or case.viewer_id
    variables = {
        "dealId": case.deal,
        "title": title.format(title=case.deal_title[:MOST_OF_A_TITLE]),
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + _APPOINTMENT).isoformat(),
        "timeZone": case.time_zone,
        "concernedIds": [format_id("collaborator", somebody)] if somebody else [],
    }
    return Suggestion(label, "planAppointment", {"input": variables})


def change_deal(case: Case, label: str, **fields: Any) -> Suggestion:
    """New values of the deal's fields."""
    return Suggestion(label, "updateDeal", {"input": {"id": case.deal, **fields}})


def change_phase(case: Case, label: str, phase: str, lost_reason: str | None = None) -> Suggestion:
    """The deal carried on, or given up with its reason."""
    input = {"id": case.deal, "phase": phase}
    return Suggestion(
        label, "changeDealPhase", {"input": input if lost_reason is None else {**input, "lostReason": lost_reason}}
    )


def move_to_stage(case: Case, label: str, stage: str) -> Suggestion:
    """The deal in another stage of its pipeline; `stage` is a TypeID."""
    return Suggestion(label, "moveDealToStage", {"input": {"id": case.deal, "stageId": stage}})


def days(count: int, language: Language) -> str:
    """A number of days with its noun: zero is singular in French, and plural in English."""
    one, many = ("jour", "jours") if language == FRENCH else ("day", "days")
    singular = count < 2 if language == FRENCH else count == 1
    return f"{count} {one if singular else many}"


def day(at: date, language: Language) -> str:
    """A day in figures, as the language writes it."""
    return f"{at:%d/%m/%Y}" if language == FRENCH else f"{at:%Y-%m-%d}"


def next_working_morning(now: datetime, zone: str) -> datetime:
    """Ten o'clock on the next day that is no Saturday or Sunday."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, _MORNING, ZoneInfo(zone))
