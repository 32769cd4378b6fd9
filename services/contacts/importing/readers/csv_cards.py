"""A row of a CSV and its mapping: a card."""

import re
from collections.abc import Iterator, Sequence

from chassis.text import folded
from services.contacts.importing.readers.card import Card, Detail, Profile, Reach, Skipped, split_name
from services.contacts.importing.readers.columns import NETWORKS, Column, Target, kind_of
from services.contacts.importing.readers.csv_places import Places, several

_SEPARATORS = re.compile("[;,]")
_SOCIAL = re.compile(rf"\b(?:{NETWORKS}|soci)")
_SYSTEM_LABELS = frozenset(("mycontacts", "my contacts", "starred"))  # Google's own, of every contact
_INDEX = re.compile(r"(.*\d) (value|valeur)$")


class Cards:
    """Makes cards of rows, by the columns' mapping."""

    def __init__(self, headers: Sequence[str], mapping: Sequence[Column]) -> None:
        self._headers = headers
        self._mapping = mapping
        self._places = Places(headers, mapping)
        self._labels = _labels([folded(header) for header in headers])

    def card(self, cells: Sequence[str]) -> Card | Skipped:
        """The person of a row."""
        cells = [_plain(cell.strip()) for cell in cells]
        emails, phones = (self._reaches(cells, target) for target in (Target.EMAIL, Target.PHONE))
        organization = self._first(cells, Target.ORGANIZATION)
        given, family = self._name(cells)
        if not (given or family) and (emails or phones):
            family = organization or next(each.value for each in (*emails, *phones))
        if not (given or family):
            return Skipped("NO_NAME")
        return Card(
            given,
            family,
            emails,
            phones,
            organization,
            self._first(cells, Target.JOB_TITLE),
            "\n\n".join(value for _, value in self._of(cells, Target.NOTES)) or None,
            self._first(cells, Target.LANGUAGE),
            self._first(cells, Target.EXTERNAL_ID),
            [Detail(self._headers[column.position], value) for column, value in self._of(cells, Target.DETAIL)],
            addresses=list(self._places.of(cells)),
            tags=list(dict.fromkeys(tag for _, cell in self._of(cells, Target.TAGS) for tag in _tags(cell))),
            profiles=list(self._profiles(cells)),
            languages=[cell for _, cell in self._of(cells, Target.LANGUAGES)],
        )

    def _name(self, cells: Sequence[str]) -> tuple[str, str]:
        told = (self._first(cells, target) for target in (Target.GIVEN_NAME, Target.MIDDLE_NAME))
        given, family = " ".join(filter(None, told)), self._first(cells, Target.FAMILY_NAME)
        if given or family:
            return given, family or ""
        given, family = split_name(self._first(cells, Target.FULL_NAME) or "")
        return (given, family) if family else ("", given)  # a column "Nom" holding one word

    def _reaches(self, cells: Sequence[str], target: Target) -> list[Reach]:
        found = dict[str, Reach]()
        for column, cell in self._of(cells, target):
            label = self._labels.get(column.position)
            kind = kind_of(folded(cells[label])) if label is not None and label < len(cells) else column.kind
            for value in filter(None, several(cell)):
                found.setdefault(value, Reach(value, kind))
        return list(found.values())

    def _profiles(self, cells: Sequence[str]) -> Iterator[Profile]:
        for column, cell in self._of(cells, Target.PROFILE):
            label = self._labels.get(column.position)
            told = cells[label] if label is not None and label < len(cells) else self._headers[column.position]
            for value in filter(None, several(cell)):
                network, said, address = value.partition(": ")
                named = _network(network) if said else ""
                yield Profile(address if named else value, named or _network(told))

    def _first(self, cells: Sequence[str], target: Target) -> str | None:
        return next((value for _, value in self._of(cells, target)), None)

    def _of(self, cells: Sequence[str], target: Target) -> Iterator[tuple[Column, str]]:
        for column in self._mapping:
            if column.target is target and column.position < len(cells) and cells[column.position]:
                yield column, cells[column.position]


def _network(told: str) -> str:
    """What a heading or a label says of a network; nothing of a mere web site."""
    return told if _SOCIAL.search(folded(told)) else ""


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from computing it."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@") else cell


def _tags(cell: str) -> Iterator[str]:
    told = several(cell) if ":::" in cell else map(str.strip, _SEPARATORS.split(cell))
    for tag in (each.removeprefix("* ") for each in told):
        if tag and folded(tag) not in _SYSTEM_LABELS:
            yield tag


def _labels(names: Sequence[str]) -> dict[int, int]:
    """Where the label of a value's column is: "E-mail 1 - Label" for "E-mail 1 - Value"."""
    places = {name: place for place, name in enumerate(names)}
    found: dict[int, int] = {}
    for place, name in enumerate(names):
        stem = _INDEX.match(name)
        label = stem and (places.get(f"{stem[1]} label") or places.get(f"{stem[1]} type"))
        if label:
            found[place] = label
    return found
