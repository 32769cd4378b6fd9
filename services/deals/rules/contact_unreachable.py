"""A contact whom nobody can reach: neither e-mail address nor telephone number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from chassis.identifiers import format_id
from services.deals.model import Contact
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
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
        return select(Contact.organization_id, Contact.id.label("subject_id"), made.label("since")).where(
            ~Contact.reachable, ~Contact.deleted, made <= now - lasting
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`created_at`, ISO 8601."""
        return {"created_at": cause["since"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Since when."""
        return _REASONS[language].format(day=day(datetime.fromisoformat(figures["created_at"]), language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Have somebody find out, or delete it."""
        contact = format_id(*subject(case))
        delete = Suggestion(_ARCHIVE[case.language], "deleteContact", {"input": {"id": contact}})
        if case.viewer_id is None:
            return [delete]
        label, title = _COMPLETE[case.language]
        task = {
            "contactId": contact,
            "title": title,
            "assigneeId": format_id("collaborator", case.viewer_id),
            "dueAt": next_working_morning(case.now, case.time_zone).isoformat(),
        }
        return [Suggestion(label, "giveInstruction", {"input": task}), delete]


CONTACT_UNREACHABLE = ContactUnreachable()
