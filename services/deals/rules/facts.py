"""The facts that an alert rests on: its figures, told apart by what they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: its text, and what it is: a moment, a number, or the thing (by TypeID) that it names."""

    name: str
    value: str
    at: datetime | None = None
    number: int | None = None
    id: str | None = None


_TEXTS = frozenset({"name", "title", "stage", "owner"})
"""What people call things: a title of digits is no number."""


def facts_of(figures: Mapping[str, str]) -> Iterator[Fact]:
    """In the order of their names; the id of a named thing goes with its name."""
    for figure in sorted(figures):
        value, name = str(figures[figure]), figure.removesuffix("_id")
        if figure != name:
            if name not in figures:
                yield Fact(name, value, id=value)
        elif name in _TEXTS or f"{name}_id" in figures:
            yield Fact(name, value, id=figures.get(f"{name}_id"))
        else:
            yield Fact(name, value, _moment(value), int(value) if value.isdecimal() else None)


def _moment(value: str) -> datetime | None:
    """ISO 8601; a day is its beginning in UTC."""
    try:
        if "T" in value:
            return datetime.fromisoformat(value)
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError:
        return None
