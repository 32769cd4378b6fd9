"""An open deal that stays in its stage while nothing happens: longer than the stage should take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from chassis.identifiers import format_id
from services.deals.model import Deal, Stage
from services.deals.rules.activity import activity, messages
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import change_phase, day, days, move_to_stage, plan_appointment
from services.deals.states import deal as phases
from services.deals.states.deal import Phase

_HABIT = Habit(quiet=True, by_stage=True)
_HEADLINES = {FRENCH: "affaire qui stagne à son étape", ENGLISH: "deal stale in its stage"}
_REASONS = {
    FRENCH: "Aucun échange depuis {days} ({day}), pour {expected} attendus à l'étape « {stage} ».",
    ENGLISH: "No exchange for {days} ({day}), {expected} expected at stage “{stage}”.",
}
_RELAUNCH = {
    FRENCH: ("Relancer le contact", "Relance : « {title} »"),
    ENGLISH: ("Relaunch the contact", "Follow-up: “{title}”"),
}
_MOVE_BACK = {FRENCH: "Revenir à l'étape précédente", ENGLISH: "Move back to the previous stage"}
_LOSE = {
    FRENCH: ("Classer comme perdue", "Sans nouvelles depuis le {day}"),
    ENGLISH: ("Close as lost", "No news since {day}"),
}


@dataclass(frozen=True)
class DealStaleInStage:
    """See services.deals.rules.base.Rule. Its threshold comes on top of the stage's expected days."""

    name: str = "deal_stale_in_stage"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Open deals on which nothing happens, since the last event, message or change."""
        known, wrote = activity(now, among), messages(now, among)
        since = func.greatest(Deal.stage_entered_at, Deal.updated_at, known.c.last, wrote.c.last)
        return (
            select(
                Deal.organization_id,
                Deal.id.label("subject_id"),
                since.label("since"),
                Stage.name.label("stage"),
                Stage.expected_days,
                _previous_stage().label("previous_stage_id"),
                known.c.soonest,
                known.c.undated,
            )
            .join(Stage, Stage.id == Deal.stage_id)
            .outerjoin(known, known.c.deal_id == Deal.id)
            .outerjoin(wrote, wrote.c.deal_id == Deal.id)
            .where(Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]), since <= now - lasting)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`last_activity_at` ISO 8601, `expected_days`, `stage`, and `previous_stage_id` where there is one."""
        previous = cause["previous_stage_id"]
        told = {
            "last_activity_at": cause["since"].isoformat(),
            "expected_days": str(cause["expected_days"]),
            "stage": cause["stage"],
        }
        return told if previous is None else {**told, "previous_stage_id": format_id("stage", previous)}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """How long nothing has happened, and how long it may."""
        last = datetime.fromisoformat(figures["last_activity_at"])
        return _REASONS[language].format(
            days=days((now - last).days, language),
            day=day(last, language),
            expected=figures["expected_days"],
            stage=figures["stage"],
        )

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Relaunch, move back where there is a stage before, or give up."""
        lose, why = _LOSE[case.language]
        last = day(datetime.fromisoformat(case.figures["last_activity_at"]), case.language)
        previous = case.figures.get("previous_stage_id")
        return [
            plan_appointment(case, *_RELAUNCH[case.language]),
            *([move_to_stage(case, _MOVE_BACK[case.language], previous)] if previous else []),
            change_phase(case, lose, Phase.LOST, why.format(day=last)),
        ]


def _previous_stage() -> ColumnElement[Any]:
    before = aliased(Stage)
    return (
        select(before.id)
        .where(before.pipeline_id == Stage.pipeline_id, before.position < Stage.position, before.archived_at.is_(None))
        .order_by(before.position.desc())
        .limit(1)
        .correlate(Stage)
        .scalar_subquery()
    )


DEAL_STALE_IN_STAGE = DealStaleInStage()
