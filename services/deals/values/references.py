"""Ids that a caller gave, each with the field it came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.errors import InvalidInput
from chassis.identifiers import parse_id

MOST_PEOPLE = 100
Kind = Literal["contact", "account", "collaborator", "team"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A contact, account, collaborator or team of the contacts service, known here by its copy."""

    kind: Kind
    id: UUID
    field: str


def optional_id(kind: str, value: str | None, field: str) -> UUID | None:
    """The UUID of an id that may be left out. Raises InvalidId."""
    return None if value is None else parse_id(kind, str(value), field)


def ids(kind: str, values: Iterable[str], field: str) -> tuple[UUID, ...]:
    """The UUIDs of a list, each once, in order. Raises InvalidId, and InvalidInput for over MOST_PEOPLE."""
    found = tuple(dict.fromkeys(parse_id(kind, str(value), field) for value in values))
    if len(found) > MOST_PEOPLE:
        raise InvalidInput(field, f"At most {MOST_PEOPLE} at a time.")
    return found


def references(kind: Kind, field: str, *values: UUID | None) -> list[Reference]:
    """References for the ids that are there."""
    return [Reference(kind, value, field) for value in values if value is not None]
