"""An open deal on which nobody is known to decide, from its second stage on unless the organization says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, func, select, true

from chassis.arrays import one_of
from chassis.identifiers import format_id
from services.deals.model import Deal, Interlocutor, Participant, Stage, StageVisit
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.candidates import MOST_SPEAKERS, named, speakers
from services.deals.rules.remedies import plan_appointment
from services.deals.states import deal as phases

SECOND_STAGE = 2
DECISION_MAKER = "DECISION_MAKER"
_HABIT = Habit(working=False, first_stage=SECOND_STAGE)
_HEADLINES = {FRENCH: "affaire sans décideur", ENGLISH: "deal without a decision maker"}
_REASONS = {
    FRENCH: "Aucun décideur n'est connu, à l'étape « {stage} ».",
    ENGLISH: "No decision maker is known, at stage “{stage}”.",
}
_PRIMARY = {FRENCH: "Le contact principal décide", ENGLISH: "The primary contact decides"}
_DECIDES = {FRENCH: "{name} décide", ENGLISH: "{name} decides"}
_PARTS = {FRENCH: "décideur", ENGLISH: "decision maker"}
_MEET = {
    FRENCH: ("Chercher qui décide", "Qui décide pour « {title} » ?"),
    ENGLISH: ("Find out who decides", "Who decides on “{title}”?"),
}


@dataclass(frozen=True)
class NoDecisionMaker:
    """See services.deals.rules.base.Rule."""

    name: str = "no_decision_maker"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Open deals, since they first came to the second stage, or since they began where they have not."""
        participant = select(Participant.deal_id).where(
            Participant.deal_id == Deal.id, Participant.role == DECISION_MAKER
        )
        interlocutor = select(Interlocutor.id).where(
            Interlocutor.organization_id == Deal.organization_id,
            Interlocutor.account_id == Deal.account_id,
            Interlocutor.decision_maker,
            Interlocutor.ended_at.is_(None),
        )
        came, spoken = _came_so_far(among), speakers(Deal, Deal.account_id)
        since = func.coalesce(came.c.at, Deal.created_at)
        return (
            select(
                Deal.organization_id,
                Deal.id.label("subject_id"),
                since.label("since"),
                Stage.name.label("stage"),
                Deal.primary_contact_id,
                spoken.c.ids,
                spoken.c.names,
            )
            .join(Stage, Stage.id == Deal.stage_id)
            .outerjoin(came, came.c.deal_id == Deal.id)
            .outerjoin(spoken, true())
            .where(
                Deal.phase.in_([phase.value for phase in sorted(phases.OPEN)]),
                since <= now - lasting,
                # Apart, so that each is one join over all deals, not a look at each.
                ~participant.correlate(Deal).exists(),
                ~interlocutor.correlate(Deal).exists(),
            )
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`stage`; `primary_contact_id`, and `speaker_1` and following for the account, where there are."""
        contact, told = cause["primary_contact_id"], {"stage": cause["stage"]}
        others = [each for each in zip(cause["ids"] or (), cause["names"] or (), strict=True) if each[0] != contact]
        for place, (id, name) in enumerate(others, start=1):
            told |= named("contact", f"speaker_{place}", id, name)
        return told if contact is None else {**told, "primary_contact_id": format_id("contact", contact)}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """At which stage."""
        return _REASONS[language].format(stage=figures["stage"])

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Say who decides: the primary contact or one of the account's interlocutors; or find out."""
        known = [(_PRIMARY[case.language], case.figures.get("primary_contact_id"))]
        for place in range(1, MOST_SPEAKERS + 1):
            name = case.figures.get(f"speaker_{place}", "")
            known.append((_DECIDES[case.language].format(name=name), case.figures.get(f"speaker_{place}_id")))
        found = [self._decides(case, label, contact) for label, contact in known if contact]
        return [*found, plan_appointment(case, *_MEET[case.language])]

    def _decides(self, case: Case, label: str, contact: str) -> Suggestion:
        part = {"dealId": case.deal, "contactId": contact, "part": _PARTS[case.language], "role": DECISION_MAKER}
        return Suggestion(label, "addParticipant", {"input": part})


def _came_so_far(among: Among) -> Subquery:
    """`deal_id`, and when it first came `at` such a stage."""
    at = func.min(StageVisit.entered_at).label("at")
    found = select(StageVisit.deal_id, at).join(Stage, Stage.id == StageVisit.stage_id)
    found = found.where(Stage.position >= SECOND_STAGE).group_by(StageVisit.deal_id)
    return (found if among is None else found.where(one_of(StageVisit.deal_id, among))).subquery("came")


NO_DECISION_MAKER = NoDecisionMaker()
