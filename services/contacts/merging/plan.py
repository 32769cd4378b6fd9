"""What a merge gives the winner, field by field. Pure: the preview shows it, the merge does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from chassis.errors import InvalidInput
from chassis.text import MAX_NOTE
from services.contacts.model import Account, AccountStatus, Contact, DuplicateKind

Record = Contact | Account


class MergeField(StrEnum):
    """A field of which one value wins; its value is the column."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    LANGUAGE = "language"
    NAME = "name"
    SIREN = "siren"
    SIRET = "siret"
    VAT_NUMBER = "vat_number"
    WEBSITE = "website"
    PARENT = "parent_id"
    STATUS = "status"
    RELATIONSHIP_MANAGER = "relationship_manager_id"
    NOTES = "notes"


_SHARED = (MergeField.STATUS, MergeField.RELATIONSHIP_MANAGER, MergeField.NOTES)
FIELDS: Mapping[DuplicateKind, tuple[MergeField, ...]] = {
    DuplicateKind.CONTACT: (MergeField.GIVEN_NAME, MergeField.FAMILY_NAME, MergeField.LANGUAGE, *_SHARED),
    DuplicateKind.ACCOUNT: (
        MergeField.NAME,
        MergeField.SIREN,
        MergeField.SIRET,
        MergeField.VAT_NUMBER,
        MergeField.WEBSITE,
        MergeField.PARENT,
        *_SHARED,
    ),
}
_STANDING = [AccountStatus.SUSPECT, AccountStatus.PROSPECT, AccountStatus.FORMER_CLIENT, AccountStatus.CLIENT]
Choices = Mapping[MergeField, UUID]


class Outcome(NamedTuple):
    """What a field becomes; `source` is whose value that is, None where it is of several."""

    field: MergeField
    value: Any
    source: UUID | None
    conflict: bool


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list that both have: how one of it is recognized, and as what it is shown."""

    name: str
    most: int
    key: Callable[[Any], Any]
    shown: Callable[[Any], list[Any]]


MOST = 20
_LISTS = (
    ListOf("emails", MOST, lambda row: row.address.lower(), lambda row: [row.address, row.kind.value]),
    ListOf("phones", MOST, lambda row: row.number, lambda row: [row.number, row.kind.value]),
    ListOf(
        "addresses",
        MOST,
        lambda row: ("".join(row.lines.lower().split()), row.postal_code),
        lambda row: [row.kind.value, row.lines, row.postal_code, row.city, row.region, row.country],
    ),
)
LISTS: Mapping[DuplicateKind, tuple[ListOf, ...]] = dict.fromkeys(DuplicateKind, _LISTS)
SETS: Mapping[DuplicateKind, tuple[str, ...]] = {
    DuplicateKind.CONTACT: ("languages", "relation_kinds", "social_links"),
    DuplicateKind.ACCOUNT: ("relation_kinds", "social_links"),
}
"""Columns that hold several values: the winner gets the loser's beside its own."""


def outcomes(kind: DuplicateKind, records: Sequence[Record], choices: Choices) -> list[Outcome]:
    """Each field as it will be; the winner is the first record. Raises InvalidInput for a choice of somebody else."""
    for field, id in choices.items():
        if field not in FIELDS[kind]:
            raise InvalidInput("choices", f"A {kind.value.lower()} has no field {field.name}.")
        if id not in {record.id for record in records}:
            raise InvalidInput("choices", f"The value of {field.name} must be of one that is merged.")
    return [_outcome(field, records, choices.get(field)) for field in FIELDS[kind]]


def _outcome(field: MergeField, records: Sequence[Record], chosen: UUID | None) -> Outcome:
    values = [(record.id, getattr(record, field.value)) for record in records]
    if field is MergeField.PARENT:
        # A company that becomes part of its parent, or the other way round, has no parent in itself.
        merged = {record.id for record in records}
        values = [(id, None if value in merged else value) for id, value in values]
    told = [(id, value) for id, value in values if value is not None]
    conflict = len({value for _, value in told}) > 1
    if chosen is not None:
        return Outcome(field, dict(values)[chosen], chosen, conflict)
    if not told:
        return Outcome(field, None, records[0].id, conflict)
    if field is MergeField.NOTES and conflict:
        return Outcome(field, _together([value for _, value in told]), None, conflict)
    if field is MergeField.STATUS:
        id, value = max(told, key=lambda each: _STANDING.index(each[1]))
        return Outcome(field, value, id, conflict)
    return Outcome(field, told[0][1], told[0][0], conflict)


def _together(notes: Sequence[str]) -> str:
    kept: list[str] = []
    for note in notes:
        if not any(note in other for other in kept):
            kept.append(note)
    whole = "\n\n".join(kept)
    if len(whole) > MAX_NOTE:
        raise InvalidInput("choices", f"Together the notes are over {MAX_NOTE} characters: choose one's, or shorten.")
    return whole


def additions(kind: DuplicateKind, winner: Record, losers: Sequence[Record]) -> dict[str, list[Any]]:
    """The rows that each list of the winner gets. Raises InvalidInput for more than are kept."""
    found: dict[str, list[Any]] = {}
    for each in LISTS[kind]:
        known = {each.key(row) for row in getattr(winner, each.name)}
        more = []
        for row in (row for loser in losers for row in getattr(loser, each.name)):
            if each.key(row) not in known:
                known.add(each.key(row))
                more.append(row)
        if len(known) > each.most:
            raise InvalidInput("losers", f"Together they have {len(known)} {each.name}; at most {each.most} are kept.")
        found[each.name] = more
    return found


def plain(value: Any) -> Any:
    """A value as it is kept in JSON and shown."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
