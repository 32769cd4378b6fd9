"""The postal addresses of a CSV's rows: columns that are one address's, and cells that hold several."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chassis.text import folded
from services.contacts.importing.readers.card import Detail, Place
from services.contacts.importing.readers.columns import Column, Target, kind_of

_PARTS = (Target.POSTAL_CODE, Target.CITY, Target.REGION, Target.COUNTRY)
_OF_PLACES = frozenset((Target.STREET, Target.WHOLE_ADDRESS, *_PARTS))
_NUMBER = re.compile(r"\b(\d)\b")
_Group = tuple[str, str]


def several(cell: str) -> list[str]:
    """The values that share a cell, as Google writes them; an empty one keeps its place."""
    return [value.strip() for value in cell.split(":::")]


class Places:
    """Knows which columns tell one address: those of one use and one number."""

    def __init__(self, headers: Sequence[str], mapping: Sequence[Column]) -> None:
        names = [folded(header) for header in headers]
        self._headers = headers
        self._groups: dict[_Group, list[Column]] = defaultdict(list)
        self._labels: dict[_Group, int] = {}
        told = [column for column in mapping if column.target in _OF_PLACES and column.position < len(names)]
        parts = [_group(column, names) for column in told if column.target in _PARTS]
        for column in told:
            group = _group(column, names)
            if column.target is Target.STREET and group not in parts:
                # "Home Street 2" is a second line of the address that "Home City" is of.
                group = next((each for each in parts if each[0] == group[0]), (group[0], ""))
            self._groups[group].append(column)
            label = next((place for place, name in enumerate(names) if _is_label(name, group)), None)
            if label is not None:
                self._labels[group] = label

    def of(self, cells: Sequence[str]) -> Iterator[Place]:
        """The addresses of a row."""
        for group, columns in self._groups.items():
            there = [column for column in columns if column.position < len(cells) and cells[column.position]]
            label = self._labels.get(group, len(cells))
            kind = kind_of(folded(cells[label])) if label < len(cells) else group[0]
            values = [(column, several(cells[column.position])) for column in there]
            for place in range(max((len(told) for _, told in values), default=0)):
                found = [(column, told[place]) for column, told in values if place < len(told) and told[place]]
                if found:
                    yield self._place(found, kind)

    def _place(self, found: Sequence[tuple[Column, str]], kind: str) -> Place:
        def told(target: Target) -> list[str]:
            return [value for column, value in found if column.target is target]

        postal_code, city, region, country = (next(iter(told(target)), "") for target in _PARTS)
        whole = [each for each in found if each[0].target is Target.WHOLE_ADDRESS]
        written = [Detail(self._headers[column.position], value) for column, value in whole or found]
        return Place("\n".join(told(Target.STREET)), postal_code, city, region, country, kind, written)


def _group(column: Column, names: Sequence[str]) -> _Group:
    number = _NUMBER.search(names[column.position])
    return column.kind, number[1] if number else ""


def _is_label(name: str, group: _Group) -> bool:
    return bool(group[1]) and name in (f"address {group[1]} label", f"address {group[1]} type")
