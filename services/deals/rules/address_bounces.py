"""A contact whose e-mail address bounces: once for good, or three times for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from chassis.identifiers import format_id
from services.deals.model import AddressBounce, Contact
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.people import meet, subject
from services.deals.rules.remedies import day, next_working_morning

SOFT, HARD = 3, 1_000
"""How many soft bounces are a defect; and for how many a hard one counts: for more than any level."""
_HABIT = Habit(about=About.CONTACT, working=False, level=SOFT)
_HEADLINES = {FRENCH: "adresse e-mail en erreur", ENGLISH: "e-mail address bounces"}
_REASONS = {
    FRENCH: "Les e-mails à ce contact reviennent depuis le {day} : {hard} rejet(s) définitif(s), {soft} temporaire(s).",
    ENGLISH: "E-mails to this contact have come back since {day}: {hard} for good, {soft} for now.",
}
_CORRECT = {
    FRENCH: ("Faire corriger l'adresse", "Trouver la bonne adresse e-mail"),
    ENGLISH: ("Have the address corrected", "Find the right e-mail address"),
}
_OTHERWISE = {FRENCH: ("Passer par un autre canal", "Appel"), ENGLISH: ("Use another channel", "Call")}


@dataclass(frozen=True)
class AddressBounces:
    """See services.deals.rules.base.Rule. Another address, or a mail that goes through, ends it."""

    name: str = "address_bounces"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Contacts whose mail comes back, at once: since the first that did."""
        return (
            select(
                AddressBounce.organization_id,
                Contact.id.label("subject_id"),
                AddressBounce.since.label("since"),
                (AddressBounce.soft + AddressBounce.hard * HARD).label("level"),
                AddressBounce.hard,
                AddressBounce.soft,
            )
            .join(Contact, Contact.id == AddressBounce.id)
            .where(AddressBounce.bounces, ~Contact.deleted, AddressBounce.since <= now - lasting)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`hard`, `soft`, and `since` ISO 8601."""
        return {"hard": str(cause["hard"]), "soft": str(cause["soft"]), "since": cause["since"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """How often, and since when."""
        since = day(datetime.fromisoformat(figures["since"]), language)
        return _REASONS[language].format(day=since, hard=figures["hard"], soft=figures["soft"])

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Have the address corrected, or call."""
        otherwise = meet(case, *_OTHERWISE[case.language])
        if case.viewer_id is None:
            return otherwise
        label, title = _CORRECT[case.language]
        task = {
            "contactId": format_id(*subject(case)),
            "title": title,
            "assigneeId": format_id("collaborator", case.viewer_id),
            "dueAt": next_working_morning(case.now, case.time_zone).isoformat(),
        }
        return [Suggestion(label, "giveInstruction", {"input": task}), *otherwise]


ADDRESS_BOUNCES = AddressBounces()
