"""Two contacts, or two accounts, that are very probably the same; the alert is about the older one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from chassis.identifiers import format_id
from services.deals.model import Duplicate
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.people import TABLES, subject

PERCENT = 85
_HEADLINES = {FRENCH: "doublon probable", ENGLISH: "probable duplicate"}
_REASONS = {
    FRENCH: "Ressemble à {score} % à « {other} ».",
    ENGLISH: "It is {score}% like “{other}”.",
}
_LABELS = {FRENCH: ("Fusionner", "Ce n'est pas un doublon"), ENGLISH: ("Merge", "Not a duplicate")}


@dataclass(frozen=True)
class ProbableDuplicate:
    """See services.deals.rules.base.Rule. The likeliest of an older one's duplicates speaks for the others."""

    name: str
    habit: Habit
    severity: Severity = Severity.INFO
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Pairs that nobody has settled, at once: since the pair was found."""
        table = TABLES[self.habit.about]
        first, second = aliased(table), aliased(table)
        return (
            select(
                Duplicate.organization_id,
                Duplicate.first_id.label("subject_id"),
                Duplicate.found_at.label("since"),
                func.floor(Duplicate.score * 100).label("level"),
                Duplicate.score,
                Duplicate.second_id,
                second.name.label("other"),
                literal_column(f"'{self.habit.about.value}'").label("kind"),
            )
            .join(first, (first.id == Duplicate.first_id) & ~first.deleted)
            .join(second, (second.id == Duplicate.second_id) & ~second.deleted)
            .where(Duplicate.open, Duplicate.found_at <= now - lasting)
            .ext(distinct_on(Duplicate.first_id))
            .order_by(Duplicate.first_id, Duplicate.score.desc(), Duplicate.id)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`score` in percent, `other` by name, `other_id`."""
        return {
            "score": str(round(cause["score"] * 100)),
            "other": cause["other"],
            "other_id": format_id(cause["kind"], cause["second_id"]),
        }

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """How alike, and to whom."""
        return _REASONS[language].format(score=figures["score"], other=figures["other"])

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Merge into the older one, or say that they differ."""
        kind, id = subject(case)
        merge, differ = _LABELS[case.language]
        one, other = format_id(kind, id), case.figures["other_id"]
        mutation = "mergeContacts" if kind == "contact" else "mergeAccounts"
        pair = {"firstId": one, "secondId": other}
        return [
            Suggestion(merge, mutation, {"input": {"winnerId": one, "losers": [{"id": other}]}}),
            Suggestion(differ, "dismissDuplicate", {"input": pair}),
        ]


DUPLICATE_CONTACT = ProbableDuplicate("probable_duplicate", Habit(about=About.CONTACT, working=False, level=PERCENT))
DUPLICATE_ACCOUNT = ProbableDuplicate(
    "probable_duplicate_account", Habit(about=About.ACCOUNT, working=False, level=PERCENT)
)
