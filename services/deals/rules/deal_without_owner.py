"""A deal that nobody can carry: it has no owner, or its owner may no longer sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import aliased

from chassis.identifiers import format_id
from services.deals.model import Account, Collaborator, Contact, Deal
from services.deals.rules.base import ENGLISH, FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.candidates import named
from services.deals.rules.remedies import change_deal, day, days
from services.deals.states.deal import CARRIED

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
_LABELS = {
    FRENCH: ("Prendre l'affaire", "Attribuer à {name}"),
    ENGLISH: ("Take the deal", "Assign to {name}"),
}


@dataclass(frozen=True)
class DealWithoutOwner:
    """See services.deals.rules.base.Rule."""

    name: str = "deal_without_owner"
    severity: Severity = Severity.CRITICAL
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Deals being carried by nobody active, since they were last given to somebody or to nobody."""
        candidate, by_account = aliased(Collaborator), Account.relationship_manager_id
        # No COALESCE: see queries.subjects.
        manager = case((by_account.is_(None), Contact.relationship_manager_id), else_=by_account)
        return (
            select(
                Deal.organization_id,
                Deal.id.label("subject_id"),
                Deal.owner_since.label("since"),
                Collaborator.name.label("owner"),
                candidate.id.label("candidate_id"),
                candidate.name.label("candidate"),
            )
            .outerjoin(Collaborator, Collaborator.id == Deal.owner_id)
            .outerjoin(Account, Account.id == Deal.account_id)
            .outerjoin(Contact, Contact.id == Deal.primary_contact_id)
            .outerjoin(candidate, (candidate.id == manager) & ~candidate.disabled)
            .where(
                Deal.phase.in_(CARRIED),
                Deal.owner_since <= now - lasting,
                or_(Deal.owner_id.is_(None), Collaborator.disabled),
            )
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`owner` and `candidate`, who manages its account or contact, where there are; `owner_since` ISO 8601."""
        told = {"owner": cause["owner"] or "", "owner_since": cause["since"].isoformat()}
        return told | named("collaborator", "candidate", cause["candidate_id"], cause["candidate"])

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Who cannot carry it any more, or since when nobody does."""
        if owner := figures["owner"]:
            return _DISABLED[language].format(owner=owner)
        since = datetime.fromisoformat(figures["owner_since"])
        return _NOBODY[language].format(days=days((now - since).days, language), day=day(since, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Whoever looks at it takes it, or whoever manages its account or contact."""
        take, assign = _LABELS[case.language]
        viewer = format_id("collaborator", case.viewer_id) if case.viewer_id else ""
        candidate = case.figures.get("candidate_id", "")
        found = [change_deal(case, take, ownerId=viewer)] if viewer else []
        if candidate and candidate != viewer:
            label = assign.format(name=case.figures["candidate"])
            found.append(change_deal(case, label, ownerId=candidate))
        return found


DEAL_WITHOUT_OWNER = DealWithoutOwner()
