"""What a stage is made of, and what a deal needs before it leaves one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from chassis.errors import InvalidInput

MOST_STAGES = 50
MOST_CRITERIA = 30
LONGEST_STAY_DAYS = 3_650
_COLOR = re.compile(r"#[0-9a-f]{6}")


class Requirement(StrEnum):
    """What a deal may be required to have."""

    AMOUNT = "AMOUNT"
    EXPECTED_CLOSE = "EXPECTED_CLOSE"
    OWNER = "OWNER"
    ACCOUNT = "ACCOUNT"
    PRIMARY_CONTACT = "PRIMARY_CONTACT"
    DECISION_MAKER = "DECISION_MAKER"
    EVENT = "EVENT"
    LINES = "LINES"
    CUSTOM_FIELD = "CUSTOM_FIELD"


class Strictness(StrEnum):
    """What happens where it is missing."""

    WARN = "WARN"
    BLOCK = "BLOCK"


class Need(NamedTuple):
    """One thing that a deal may be required to have; of a field that its organization added, the key."""

    requirement: Requirement
    custom_field: str | None = None

    def __str__(self) -> str:
        """As facts and messages name it."""
        return self.requirement.value if self.custom_field is None else f"custom.{self.custom_field}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a deal needs before it goes on."""

    need: Need
    severity: Strictness

    def kept(self) -> dict[str, str]:
        """As the stage's row holds it."""
        key = {} if self.need.custom_field is None else {"custom_field": self.need.custom_field}
        return {"field": self.need.requirement.value, "severity": self.severity.value, **key}


@dataclass(frozen=True, slots=True)
class StageShape:
    """A stage as it is to be; what is None stays as it is."""

    name: str | None = None
    probability: int | None = None
    expected_days: int | None = None
    color: str | None = None
    criteria: tuple[Criterion, ...] | None = None
    id: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """The columns that are told."""
        criteria = None if self.criteria is None else [one.kept() for one in self.criteria]
        told = {
            "name": self.name,
            "probability": self.probability,
            "expected_days": self.expected_days,
            "color": self.color,
            "criteria": criteria,
        }
        return {name: value for name, value in told.items() if value is not None}


def probability(value: int, field: str) -> int:
    """Percent. Raises InvalidInput."""
    if not 0 <= value <= 100:
        raise InvalidInput(field, "A probability is 0 to 100 percent.")
    return value


def expected_days(value: int, field: str) -> int:
    """Days that a deal should stay at most. Raises InvalidInput."""
    if not 1 <= value <= LONGEST_STAY_DAYS:
        raise InvalidInput(field, f"Give 1 to {LONGEST_STAY_DAYS} days.")
    return value


def color(value: str, field: str) -> str:
    """`#rrggbb`, lower case. Raises InvalidInput."""
    told = value.strip().lower()
    if not _COLOR.fullmatch(told):
        raise InvalidInput(field, "Give a colour as #22c55e.")
    return told


def criteria(values: Iterable[Criterion], field: str) -> tuple[Criterion, ...]:
    """Each field once; whether an organization has the fields that it added, its pipeline's commands know.

    Raises InvalidInput.
    """
    told = tuple(values)
    for place, one in enumerate(told):
        if (one.need.requirement is Requirement.CUSTOM_FIELD) is not (one.need.custom_field is not None):
            raise InvalidInput(f"{field}.{place}.customField", "Name a field's key with CUSTOM_FIELD, and only then.")
    if len({one.need for one in told}) != len(told) or len(told) > MOST_CRITERIA:
        raise InvalidInput(field, f"Name each field once, at most {MOST_CRITERIA}.")
    return told


def read_criteria(kept: Sequence[dict[str, str]]) -> tuple[Criterion, ...]:
    """The criteria that a stage's row holds."""
    return tuple(
        Criterion(Need(Requirement(one["field"]), one.get("custom_field")), Strictness(one["severity"])) for one in kept
    )
