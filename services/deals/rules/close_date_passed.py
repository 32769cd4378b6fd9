"""An open deal that should have been won or lost by now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Select, cast, func, select

from services.deals.model import Deal
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import change_deal, change_phase, day, days
from services.deals.states import deal as phases
from services.deals.states.deal import Phase

POSTPONED_BY = timedelta(days=30)

_HABIT = Habit(steps=(timedelta(days=1),), quiet=True)
_HEADLINES = {FRENCH: "date de conclusion dépassée", ENGLISH: "close date passed"}
_REASONS = {
    FRENCH: "La conclusion était attendue le {day}, il y a {days}.",
    ENGLISH: "It should have been closed on {day}, {days} ago.",
}
_LABELS = {
    FRENCH: ("Donner une nouvelle date", "Gagnée", "Perdue"),
    ENGLISH: ("Set a new date", "Won", "Lost"),
}
_WHY_LOST = {FRENCH: "Sans conclusion au {day}", ENGLISH: "Not closed by {day}"}


@dataclass(frozen=True)
class CloseDatePassed:
    """See services.deals.rules.base.Rule. The day ends at midnight UTC: no zone's day is told over before it is."""

    name: str = "close_date_passed"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Open deals whose expected date is over, since the end of that day."""
        since = func.timezone("UTC", cast(Deal.expected_close + 1, DateTime(timezone=False)))
        return select(
            Deal.organization_id, Deal.id.label("subject_id"), since.label("since"), Deal.expected_close
        ).where(
            Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]),
            since <= now - lasting,
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`expected_close`, ISO 8601."""
        return {"expected_close": cause["expected_close"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """When it was expected, and how long ago."""
        expected = date.fromisoformat(figures["expected_close"])
        late = now.date() - expected
        return _REASONS[language].format(day=day(expected, language), days=days(late.days, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """A date a month from now, won where the phase allows, or lost."""
        later, won, lost = _LABELS[case.language]
        expected = date.fromisoformat(case.figures["expected_close"])
        why = _WHY_LOST[case.language].format(day=day(expected, case.language))
        found = [change_deal(case, later, expectedClose=(case.now + POSTPONED_BY).date().isoformat())]
        if Phase.SIGNED in phases.FOLLOWING[Phase(case.phase)]:
            found.append(change_phase(case, won, Phase.SIGNED))
        return [*found, change_phase(case, lost, Phase.LOST, why)]


CLOSE_DATE_PASSED = CloseDatePassed()
