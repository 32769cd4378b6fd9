"""Rules about what is written on a deal (quotes, contracts, invoices): the one of longest speaks for others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, SQLColumnExpression, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.identifiers import format_id
from services.deals.model import Deal
from services.deals.rules.base import FRENCH, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.remedies import day, days, plan_appointment

Words = Mapping[Language, str]
Label = Mapping[Language, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class PaperRule:
    """See services.deals.rules.base.Rule. `paper` is the table, `day` its date or moment that counts.

    Sentences take {name}, {day} and {days}: to come where the thresholds are negative, gone by where they are not.
    """

    name: str
    kind: str
    habit: Habit
    headlines: Words
    reasons: Words
    call: Label
    paper: Any
    title: SQLColumnExpression[Any]
    day: Any
    waiting: Sequence[ColumnElement[bool]]
    severity: Severity = Severity.WARNING
    more: Any = None
    """A function of the case and the paper's TypeID that gives further remedies."""
    also: Mapping[str, Any] = field(default_factory=dict)
    """Dates of the paper that these need, by the names of their figures."""

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Deals with such a paper, since its day."""
        since = self._since()
        return (
            select(
                self.paper.organization_id,
                self.paper.deal_id.label("subject_id"),
                since.label("since"),
                self.paper.id.label("paper_id"),
                func.coalesce(self.title, "").label("name"),
                Deal.account_id,
                Deal.primary_contact_id,
                *(column.label(name) for name, column in self.also.items()),
            )
            .join(Deal, Deal.id == self.paper.deal_id)
            .where(*self.waiting, since <= now - lasting)
            .ext(distinct_on(self.paper.deal_id))
            .order_by(self.paper.deal_id, since, self.paper.id)
        )

    def _since(self) -> Any:
        if isinstance(self.day.type, DateTime):
            return self.day
        return func.timezone("UTC", cast(self.day, DateTime(timezone=False)))

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`name`, `day` ISO 8601, `paper_id`; `account_id` and `primary_contact_id` of the deal where there are."""
        told = {
            "name": cause["name"],
            "day": cause["since"].isoformat(),
            "paper_id": format_id(self.kind, cause["paper_id"]),
        }
        told |= {name: cause[name].isoformat() for name in self.also}
        for kind, name in (("account", "account_id"), ("contact", "primary_contact_id")):
            if cause[name] is not None:
                told[name] = format_id(kind, cause[name])
        return told

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Which one, its day, and how far that is."""
        at = datetime.fromisoformat(figures["day"])
        far = abs((now.date() - at.date()).days)
        return self.reasons[language].format(name=figures["name"], day=day(at, language), days=days(far, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Talk to the contact, and what the paper itself allows."""
        call = plan_appointment(case, *self.call[case.language])
        return [call, *(self.more(case, case.figures["paper_id"]) if self.more else [])]


def said(language: Language, french: str, english: str) -> str:
    """One of two words."""
    return french if language == FRENCH else english
