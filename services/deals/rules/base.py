"""What a rule of upkeep is. A new rule is one module beside this one, named in the catalogue, and its test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select

Language = str
FRENCH: Language = "fr"
ENGLISH: Language = "en"


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True)
class Case:
    """What remedies are made for: a deal, and who looks at its alert, when and where."""

    deal_id: UUID
    deal_title: str
    phase: str
    owner_id: UUID | None
    viewer_id: UUID | None
    now: datetime
    time_zone: str
    language: Language
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A remedy ready to run: a mutation with its variables, and what to call it."""

    label: str
    mutation: str
    variables: dict[str, Any]


class Rule(Protocol):
    """A defect in the upkeep of deals, found by one query over all of them."""

    @property
    def name(self) -> str:
        """Its name in the catalogue, in messages and in the schema."""

    @property
    def severity(self) -> Severity:
        """How much its alerts matter."""

    @property
    def threshold(self) -> timedelta:
        """How long a cause lasts before it is an alert, unless settings say otherwise."""

    def causes(self, now: datetime, lasting: timedelta = timedelta()) -> Select[*tuple[Any, ...]]:
        """`organization_id, deal_id, since`: deals that have had the defect for at least so long, and from when.

        More columns may follow, for `figures`.
        """

    def figures(self, cause: Mapping[str, Any]) -> dict[str, str]:
        """What the reason's sentence and the remedies need, by name, of a row of causes."""

    def reason(self, figures: Mapping[str, str], now: datetime, language: Language) -> str:
        """Why the alert was raised, in one sentence with its figures."""

    def suggestions(self, case: Case) -> list[Suggestion]:
        """Remedies, the best first."""


def language_of(locale: str | None) -> Language:
    """The nearest language that rules speak: French unless English is asked for (BCP 47)."""
    return ENGLISH if (locale or "").lower().replace("_", "-").split("-")[0] == ENGLISH else FRENCH
