"""A client, company or person, with whom nothing has happened for long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, true

from services.deals.model import TimelineEntry
from services.deals.rules.base import ENGLISH, FRENCH, About, Among, Case, Habit, Language, Severity, Suggestion
from services.deals.rules.candidates import named, speakers
from services.deals.rules.people import TABLES, change, counts, meet
from services.deals.rules.remedies import day, days

_STEPS = (timedelta(days=180),)
_EXCHANGES = ("event", "message", "comment")
_HEADLINES = {FRENCH: "client silencieux", ENGLISH: "silent client"}
_REASONS = {
    FRENCH: "Aucun échange avec ce client depuis {days} ({day}).",
    ENGLISH: "No exchange with this client for {days} ({day}).",
}
_MEET = {FRENCH: ("Prévoir une visite", "Visite"), ENGLISH: ("Plan a visit", "Visit")}
_CALL = {FRENCH: ("Prévoir un appel", "Appel"), ENGLISH: ("Plan a call", "Call")}
_LEAVE = {
    FRENCH: ("N'est plus client", "Sans nouvelles depuis le {day}"),
    ENGLISH: ("No longer a client", "No news since {day}"),
}


@dataclass(frozen=True)
class ClientSilent:
    """See services.deals.rules.base.Rule."""

    name: str
    habit: Habit
    severity: Severity = Severity.INFO
    headlines: Mapping[Language, str] = field(default_factory=lambda: _HEADLINES)

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """Clients without an exchange, since the last one or since they became clients."""
        table = TABLES[self.habit.about]
        exchanges = select(TimelineEntry.at).where(
            TimelineEntry.organization_id == table.organization_id,
            TimelineEntry.subject_id == table.id,
            TimelineEntry.kind.in_(_EXCHANGES),
        )
        last = exchanges.with_only_columns(func.max(TimelineEntry.at)).correlate(table).scalar_subquery()
        recent = exchanges.where(TimelineEntry.at > now - lasting).correlate(table).exists()
        since = func.greatest(table.status_since, last)
        found = select(table.organization_id, table.id.label("subject_id"), since.label("since"))
        if self.habit.about is About.ACCOUNT:
            spoken = speakers(table, table.id)
            found = found.add_columns(spoken.c.ids, spoken.c.names).outerjoin(spoken, true())
        return found.where(
            table.status == "CLIENT", table.status_since <= now - lasting, ~recent, *counts(self.habit.about)
        )

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """`last_exchange_at`, ISO 8601; `speaker` for the account, where there is one."""
        [id, *_], [name, *_] = cause.get("ids") or [None], cause.get("names") or [None]
        return {"last_exchange_at": cause["since"].isoformat()} | named("contact", "speaker", id, name)

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Since when."""
        last = datetime.fromisoformat(figures["last_exchange_at"])
        return _REASONS[language].format(days=days((now - last).days, language), day=day(last, language))

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Visit, call, or say that it is no client any more."""
        label, why = _LEAVE[case.language]
        last = day(datetime.fromisoformat(case.figures["last_exchange_at"]), case.language)
        leave = change(case, label, status="FORMER_CLIENT", statusReason=why.format(day=last))
        return [*meet(case, *_MEET[case.language]), *meet(case, *_CALL[case.language]), leave]


CLIENT_SILENT = ClientSilent("client_silent", Habit(_STEPS, About.ACCOUNT, working=False))
CLIENT_CONTACT_SILENT = ClientSilent("client_contact_silent", Habit(_STEPS, About.CONTACT, working=False))
