"""An open deal on which nothing is planned: after a while, somebody should plan something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from chassis.identifiers import format_id
from services.deals.model import Deal
from services.deals.rules.activity import activity
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import MOST_OF_A_TITLE, day, days, next_working_morning, plan_appointment
from services.deals.states import deal as phases

_HABIT = Habit(steps=(timedelta(days=2),), quiet=True)
_HEADLINES = {FRENCH: "affaire sans prochain événement", ENGLISH: "deal without a next event"}
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
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Open deals with nothing ahead, since the last thing that happened on them."""
        known = activity(now, among)
        since = func.greatest(Deal.created_at, known.c.last)
        columns = (since.label("since"), known.c.soonest, known.c.undated)
        return (
            select(Deal.organization_id, Deal.id.label("subject_id"), *columns)
            .outerjoin(known, known.c.deal_id == Deal.id)
            .where(Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]), since <= now - lasting)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`last_event_at`, ISO 8601."""
        return {"last_event_at": cause["since"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """When the last event was, and how long ago."""
        last = datetime.fromisoformat(figures["last_event_at"])
        return _REASONS[language].format(days=days((now - last).days, language), day=day(last, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """An appointment on the next working day, or an instruction to the owner until then."""
        review, follow_up = _TITLES[case.language]
        plan, assign = _LABELS[case.language]
        found = [plan_appointment(case, plan, review)]
        if (somebody := case.owner_id or case.viewer_id) is None:
            return found
        task = {
            "dealId": case.deal,
            "title": follow_up.format(title=case.deal_title[:MOST_OF_A_TITLE]),
            "assigneeId": format_id("collaborator", somebody),
            "dueAt": next_working_morning(case.now, case.time_zone).isoformat(),
        }
        return [*found, Suggestion(assign, "giveInstruction", {"input": task})]


DEAL_WITHOUT_NEXT_EVENT = DealWithoutNextEvent()
