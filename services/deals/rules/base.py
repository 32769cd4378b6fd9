"""What a rule of upkeep is. A new rule is one module beside this one, named in the catalogue, and its test."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select

from chassis.identifiers import format_id

Language = str
Among = Collection[UUID] | None
FRENCH: Language = "fr"
ENGLISH: Language = "en"


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


class About(StrEnum):
    """What a rule's alerts are about."""

    DEAL = "deal"
    CONTACT = "contact"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Case:
    """What remedies are made for: a deal, contact or account, and who looks at its alert, when and where."""

    deal_id: UUID | None
    deal_title: str
    phase: str
    owner_id: UUID | None
    viewer_id: UUID | None
    now: datetime
    time_zone: str
    language: Language
    figures: Mapping[str, str] = field(default_factory=dict)
    contact_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def deal(self) -> str:
        """The deal's TypeID. Raises ValueError where the alert is about something else."""
        if self.deal_id is None:
            raise ValueError("this alert is not about a deal")
        return format_id("deal", self.deal_id)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A remedy ready to run: a mutation with its variables, and what to call it."""

    label: str
    mutation: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a rule counts unless an organization says otherwise."""

    steps: tuple[timedelta, ...] = (timedelta(),)
    """How long a cause lasts before it is an alert, and before it is one again; before the moment where negative."""
    about: About = About.DEAL
    working: bool = True
    """Whether the days are those on which the organization works."""
    quiet: bool = False
    """Whether a future event on the deal keeps it quiet."""
    escalation_days: tuple[int, ...] | None = None
    """After how many days without anybody in charge it goes to the manager, then to the administrators."""
    by_stage: bool = False
    """Whether the days that a deal's stage should take come on top."""
    first_stage: int = 1
    """The place in its pipeline from which on a deal's stage counts, where nobody says otherwise of a stage."""
    level: int | None = None
    """How much of what the rule measures is a defect: its causes tell theirs as `level`."""


class Rule(Protocol):
    """A defect in the upkeep of deals, contacts or accounts, found by one query over all of them."""

    @property
    def name(self) -> str:
        """Its name in the catalogue, in messages and in the schema."""

    @property
    def severity(self) -> Severity:
        """How much its alerts matter."""

    @property
    def habit(self) -> Habit:
        """How it counts."""

    @property
    def headlines(self) -> Mapping[Language, str]:
        """The defect in a few words, for a subject or a list, in each language."""

    def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Among = None) -> Select[*tuple[Any, ...]]:
        """`organization_id, subject_id, since`: what has had the defect for at least so long, and from when.

        Nothing that has had it longer is left out; where this is not much work, nothing that has had it shorter comes.
        More columns may follow, for `figures`; `soonest` and `undated` (see `activity`) where the rule came by them,
        so that nobody looks again for what keeps a deal quiet. `among` are the subjects that are asked for, where they
        are few: what is told of others is left aside.
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
