"""A deal that nobody can carry: it has no owner, or its owner may no longer sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from chassis.identifiers import format_id
from services.deals.model import Collaborator, Deal
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import change_deal, day, days
from services.deals.states.deal import Phase

CARRIED = (Phase.LEAD, Phase.OPPORTUNITY, Phase.SIGNED)

_HABIT = Habit(working=False)
_HEADLINES = {FRENCH: "affaire sans responsable", ENGLISH: "deal without an owner"}
_NOBODY = {
    FRENCH: "Personne n'est responsable de l'affaire depuis {days} ({day}).",
    ENGLISH: "Nobody has owned this deal for {days} ({day}).",
}
_DISABLED = {
    FRENCH: "Le compte de {owner}, responsable de l'affaire, est désactivé.",
    ENGLISH: "The account of {owner}, who owns this deal, is disabled.",
}
_LABELS = {FRENCH: "Prendre l'affaire", ENGLISH: "Take the deal"}


@dataclass(frozen=True)
class DealWithoutOwner:
    """See services.deals.rules.base.Rule."""

    name: str = "deal_without_owner"
    severity: Severity = Severity.CRITICAL
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Deals being carried by nobody active, since they were last given to somebody or to nobody."""
        return (
            select(
                Deal.organization_id,
                Deal.id.label("subject_id"),
                Deal.owner_since.label("since"),
                Collaborator.name.label("owner"),
            )
            .outerjoin(Collaborator, Collaborator.id == Deal.owner_id)
            .where(
                Deal.phase.in_([phase.value for phase in CARRIED]),
                Deal.owner_since <= now - lasting,
                or_(Deal.owner_id.is_(None), Collaborator.disabled),
            )
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`owner` by name where there is one, `owner_since` ISO 8601."""
        return {"owner": cause["owner"] or "", "owner_since": cause["since"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Who cannot carry it any more, or since when nobody does."""
        if owner := figures["owner"]:
            return _DISABLED[language].format(owner=owner)
        since = datetime.fromisoformat(figures["owner_since"])
        return _NOBODY[language].format(days=days((now - since).days, language), day=day(since, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Whoever looks at it takes it."""
        if case.viewer_id is None:
            return []
        return [change_deal(case, _LABELS[case.language], ownerId=format_id("collaborator", case.viewer_id))]


DEAL_WITHOUT_OWNER = DealWithoutOwner()
