"""An instruction on a deal that was not carried out in time; the one due first speaks for the deal's others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.identifiers import format_id
from services.deals.model import Event, Task
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import day, days, next_working_morning
from services.deals.states.task import TaskStatus

_HABIT = Habit(steps=(timedelta(days=1),), escalation_days=(2, 3))
_HEADLINES = {FRENCH: "consigne en retard", ENGLISH: "instruction overdue"}
_REASONS = {
    FRENCH: "La consigne « {title} » devait être faite le {day}, il y a {days}.",
    ENGLISH: "The instruction “{title}” was due on {day}, {days} ago.",
}
_LABELS = {
    FRENCH: ("C'est fait", "Donner une nouvelle échéance", "Me la réattribuer"),
    ENGLISH: ("It is done", "Set a new due date", "Reassign it to me"),
}


@dataclass(frozen=True)
class InstructionOverdue:
    """See services.deals.rules.base.Rule."""

    name: str = "instruction_overdue"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Deals with an open task past its due date, since the earliest of these dates."""
        return (
            select(
                Event.organization_id,
                Event.deal_id.label("subject_id"),
                Task.due_at.label("since"),
                Event.title,
                Event.id.label("event_id"),
                Task.id.label("task_id"),
            )
            .join(Task, Task.event_id == Event.id)
            .where(
                Event.deal_id.is_not(None),
                Event.cancelled_at.is_(None),
                Task.status == TaskStatus.OPEN.value,
                Task.due_at <= now - lasting,
            )
            .ext(distinct_on(Event.deal_id))
            .order_by(Event.deal_id, Task.due_at, Task.id)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`title`, `due_at` ISO 8601, `event_id`, `task_id`."""
        return {
            "title": cause["title"],
            "due_at": cause["since"].isoformat(),
            "event_id": format_id("event", cause["event_id"]),
            "task_id": format_id("task", cause["task_id"]),
        }

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Which one, until when, and how late it is."""
        due = datetime.fromisoformat(figures["due_at"])
        return _REASONS[language].format(
            title=figures["title"], day=day(due, language), days=days((now - due).days, language)
        )

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Tick it, give it more time, or take it over."""
        done, later, take = _LABELS[case.language]
        event = {"id": case.figures["event_id"]}
        due = next_working_morning(case.now, case.time_zone).isoformat()
        found = [
            Suggestion(done, "completeTask", {"input": {"id": case.figures["task_id"]}}),
            Suggestion(later, "updateEvent", {"input": {**event, "dueAt": due}}),
        ]
        if case.viewer_id is None:
            return found
        mine = {**event, "assigneeId": format_id("collaborator", case.viewer_id), "dueAt": due}
        return [*found, Suggestion(take, "updateEvent", {"input": mine})]


INSTRUCTION_OVERDUE = InstructionOverdue()
