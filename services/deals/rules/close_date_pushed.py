"""An open deal whose close date is put off again and again: it may not be what it was taken for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, func, select, type_coerce

from services.deals.model import Deal
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import change_phase, day, plan_appointment
from services.deals.states import deal as phases
from services.deals.states.deal import Phase

PUSHES = 3

_HABIT = Habit(quiet=True)
_HEADLINES = {FRENCH: "date de conclusion repoussée", ENGLISH: "close date pushed back"}
_REASONS = {
    FRENCH: "La date de conclusion a été repoussée {count} fois à cette étape, la dernière le {day}.",
    ENGLISH: "The close date was pushed back {count} times at this stage, last on {day}.",
}
_REQUALIFY = {
    FRENCH: ("Requalifier avec le contact", "Requalifier « {title} »"),
    ENGLISH: ("Requalify with the contact", "Requalify “{title}”"),
}
_LOSE = {
    FRENCH: ("Classer comme perdue", "Conclusion repoussée {count} fois"),
    ENGLISH: ("Close as lost", "Closing pushed back {count} times"),
}


@dataclass(frozen=True)
class CloseDatePushed:
    """See services.deals.rules.base.Rule. Pushes count from the entry into the stage: moving it requalifies it."""

    name: str = "close_date_pushed"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Open deals put off at least PUSHES times, since the push that was one too many."""
        since: ColumnElement[datetime] = type_coerce(Deal.close_pushes[PUSHES], DateTime(timezone=True))
        count = func.cardinality(Deal.close_pushes)
        return select(
            Deal.organization_id,
            Deal.id.label("subject_id"),
            since.label("since"),
            count.label("count"),
            Deal.close_pushes[count].label("last"),
        ).where(
            Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]),
            count >= PUSHES,
            since <= now - lasting,
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`count`, and `last_push_at` ISO 8601."""
        return {"count": str(cause["count"]), "last_push_at": cause["last"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """How often, and when last."""
        last = datetime.fromisoformat(figures["last_push_at"])
        return _REASONS[language].format(count=figures["count"], day=day(last, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Talk to the contact again, or give up."""
        lose, why = _LOSE[case.language]
        return [
            plan_appointment(case, *_REQUALIFY[case.language]),
            change_phase(case, lose, Phase.LOST, why.format(count=case.figures["count"])),
        ]


CLOSE_DATE_PUSHED = CloseDatePushed()
