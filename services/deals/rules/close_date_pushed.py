"""An open deal whose close date is put off again and again: it may not be what it was taken for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Select, column, func, select, true

from services.deals.model import Deal
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import change_phase, day, plan_appointment
from services.deals.states import deal as phases
from services.deals.states.deal import Phase

PUSHES = 3

_HABIT = Habit(quiet=True, level=PUSHES)
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
        """Each push of open deals, in its place as `level`: the one that is one too many is the one to count from."""
        count = func.cardinality(Deal.close_pushes)
        pushes = func.unnest(Deal.close_pushes).table_valued(
            column("at", DateTime(timezone=True)), with_ordinality="level", name="push"
        )
        push = pushes.render_derived().lateral()
        return (
            select(
                Deal.organization_id,
                Deal.id.label("subject_id"),
                push.c.at.label("since"),
                push.c.level,
                count.label("count"),
                Deal.close_pushes[count].label("last"),
            )
            .join(push, true())
            .where(
                Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]),
                push.c.at <= now - lasting,
            )
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
