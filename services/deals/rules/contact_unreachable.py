"""A contact whom nobody can reach: neither e-mail address nor telephone number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, true

from chassis.identifiers import format_id
from services.deals.model import Contact
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.candidates import named, twin
from services.deals.rules.people import subject
from services.deals.rules.remedies import day, next_working_morning

_HABIT = Habit((timedelta(days=3),), About.CONTACT)
_HEADLINES = {FRENCH: "contact sans e-mail ni téléphone", ENGLISH: "contact without e-mail or telephone"}
_REASONS = {
    FRENCH: "Ce contact, créé le {day}, n'a ni adresse e-mail ni téléphone.",
    ENGLISH: "This contact, added on {day}, has neither an e-mail address nor a telephone number.",
}
_COMPLETE = {
    FRENCH: ("Charger un collègue de le compléter", "Trouver comment joindre ce contact"),
    ENGLISH: ("Have it completed", "Find out how to reach this contact"),
}
_MERGE = {FRENCH: "Fusionner avec {name}", ENGLISH: "Merge with {name}"}
_ARCHIVE = {FRENCH: "Supprimer le contact", ENGLISH: "Delete the contact"}


@dataclass(frozen=True)
class ContactUnreachable:
    """See services.deals.rules.base.Rule. A contact's id tells when it was made (UUIDv7)."""

    name: str = "contact_unreachable"
    severity: Severity = Severity.INFO
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Contacts without either, since they were made."""
        made = func.uuid_extract_timestamp(Contact.id)
        other = twin(Contact.id)
        columns = (made.label("since"), other.c.id.label("twin_id"), other.c.name.label("twin"))
        return (
            select(Contact.organization_id, Contact.id.label("subject_id"), *columns)
            .outerjoin(other, true())
            .where(~Contact.reachable, ~Contact.deleted, made <= now - lasting)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`created_at`, ISO 8601; `twin`, whom it is probably the same as, where there is one."""
        return {"created_at": cause["since"].isoformat()} | named("contact", "twin", cause["twin_id"], cause["twin"])

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Since when."""
        return _REASONS[language].format(day=day(datetime.fromisoformat(figures["created_at"]), language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Have somebody find out, merge it into its twin, or delete it."""
        contact = format_id(*subject(case))
        delete = Suggestion(_ARCHIVE[case.language], "deleteContact", {"input": {"id": contact}})
        others = [*_merge(case, contact), delete]
        if case.viewer_id is None:
            return others
        label, title = _COMPLETE[case.language]
        task = {
            "contactId": contact,
            "title": title,
            "assigneeId": format_id("collaborator", case.viewer_id),
            "dueAt": next_working_morning(case.now, case.time_zone).isoformat(),
        }
        return [Suggestion(label, "giveInstruction", {"input": task}), *others]


def _merge(case: Case, contact: str) -> list[Suggestion]:
    if (twin := case.figures.get("twin_id")) is None:
        return []
    label = _MERGE[case.language].format(name=case.figures["twin"])
    return [Suggestion(label, "mergeContacts", {"input": {"winnerId": twin, "losers": [{"id": contact}]}})]


CONTACT_UNREACHABLE = ContactUnreachable()
