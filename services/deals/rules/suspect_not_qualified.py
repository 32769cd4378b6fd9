"""A suspect brought in from the field that nobody has qualified since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from chassis.identifiers import format_id
from services.deals.model import Contact
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.people import change, subject
from services.deals.rules.remedies import day, days

FIELD = "FIELD"
_HABIT = Habit((timedelta(days=5),), About.CONTACT)
_HEADLINES = {FRENCH: "suspect du terrain à qualifier", ENGLISH: "suspect from the field to qualify"}
_REASONS = {
    FRENCH: "Ce suspect a été relevé sur le terrain le {day}, il y a {days}, et n'est pas qualifié.",
    ENGLISH: "This suspect was met in the field on {day}, {days} ago, and has not been qualified.",
}
_LABELS = {FRENCH: ("C'est un prospect", "Écarter"), ENGLISH: ("It is a prospect", "Discard")}


@dataclass(frozen=True)
class SuspectNotQualified:
    """See services.deals.rules.base.Rule."""

    name: str = "suspect_not_qualified"
    severity: Severity = Severity.WARNING
    habit: Habit = _HABIT
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Contacts from the field that are still suspects, since they became it."""
        columns = (Contact.organization_id, Contact.id.label("subject_id"), Contact.status_since.label("since"))
        return select(*columns).where(
            Contact.origin == FIELD,
            Contact.status == "SUSPECT",
            ~Contact.deleted,
            Contact.status_since <= now - lasting,
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`met_at`, ISO 8601."""
        return {"met_at": cause["since"].isoformat()}

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Since when."""
        met = datetime.fromisoformat(figures["met_at"])
        return _REASONS[language].format(day=day(met, language), days=days((now - met).days, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Qualify, or discard."""
        qualify, discard = _LABELS[case.language]
        contact = {"id": format_id(*subject(case))}
        return [change(case, qualify, status="PROSPECT"), Suggestion(discard, "deleteContact", {"input": contact})]


SUSPECT_NOT_QUALIFIED = SuspectNotQualified()
