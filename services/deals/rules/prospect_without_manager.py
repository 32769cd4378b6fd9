"""A prospect, company or person, whom nobody is in charge of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, true

from chassis.identifiers import format_id
from services.deals.model import Collaborator, Deal
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.candidates import named, owner_of_a_deal
from services.deals.rules.people import TABLES, change, counts
from services.deals.rules.remedies import day, days

_STEPS = (timedelta(days=2),)
_HEADLINES = {FRENCH: "prospect sans interlocuteur principal", ENGLISH: "prospect without a relationship manager"}
_REASONS = {
    FRENCH: "Personne n'est chargé de ce prospect depuis {days} ({day}).",
    ENGLISH: "Nobody has been in charge of this prospect for {days} ({day}).",
}
_LABELS = {FRENCH: ("M'en charger", "Confier à {name}"), ENGLISH: ("Take it", "Assign to {name}")}


@dataclass(frozen=True)
class ProspectWithoutManager:
    """See services.deals.rules.base.Rule."""

    name: str
    habit: Habit
    severity: Severity = Severity.WARNING
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Prospects without anybody active in charge, since they became prospects."""
        table = TABLES[self.habit.about]
        of = Deal.account_id if self.habit.about is About.ACCOUNT else Deal.primary_contact_id
        candidate = owner_of_a_deal(of, table.id)
        return (
            select(
                table.organization_id,
                table.id.label("subject_id"),
                table.status_since.label("since"),
                candidate.c.id.label("candidate_id"),
                candidate.c.name.label("candidate"),
            )
            .outerjoin(candidate, true())
            .outerjoin(Collaborator, Collaborator.id == table.relationship_manager_id)
            .where(
                table.status == "PROSPECT",
                table.status_since <= now - lasting,
                or_(table.relationship_manager_id.is_(None), Collaborator.disabled),
                *counts(self.habit.about),
            )
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`prospect_since`, ISO 8601; `candidate`, who owns its newest deal, where there is one."""
        candidate = named("collaborator", "candidate", cause["candidate_id"], cause["candidate"])
        return {"prospect_since": cause["since"].isoformat()} | candidate

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Since when."""
        since = datetime.fromisoformat(figures["prospect_since"])
        return _REASONS[language].format(days=days((now - since).days, language), day=day(since, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Whoever looks at it takes it, or whoever owns its newest deal."""
        take, assign = _LABELS[case.language]
        viewer = format_id("collaborator", case.viewer_id) if case.viewer_id else ""
        candidate = case.figures.get("candidate_id", "")
        found = [change(case, take, relationshipManagerId=viewer)] if viewer else []
        if candidate and candidate != viewer:
            found.append(change(case, assign.format(name=case.figures["candidate"]), relationshipManagerId=candidate))
        return found


PROSPECT_WITHOUT_MANAGER = ProspectWithoutManager("prospect_without_manager", Habit(_STEPS, About.ACCOUNT))
PROSPECT_CONTACT_WITHOUT_MANAGER = ProspectWithoutManager(
    "prospect_contact_without_manager", Habit(_STEPS, About.CONTACT)
)
