"""Google Contacts' CSV, in its form of 2024 and in the older one."""

import csv
import io
import re

from liant.addressbook.card import AddressBook, Card, Skipped, split_name

_SEVERAL = " ::: "  # what Google puts between values that share a cell
_EMAIL = re.compile(r"E-mail \d+ - Value")
_PHONE = re.compile(r"Phone \d+ - Value")


class NotGoogleCsv(Exception):
    """The first line names none of the columns of a Google export."""

    def __init__(self) -> None:
        super().__init__("This CSV has no column 'First Name', 'Given Name' or 'Name': export it from Google Contacts.")


def read_google_csv(text: str) -> AddressBook:
    """Every row that names somebody. Raises NotGoogleCsv."""
    rows = csv.DictReader(io.StringIO(text))
    if not {"First Name", "Given Name", "Name"} & set(rows.fieldnames or ()):
        raise NotGoogleCsv
    book = AddressBook()
    for row in rows:
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        given, family = _name(cells)
        if given or family:
            book.cards.append(_card(given, family, cells))
        else:
            book.skipped.append(Skipped(rows.line_num, "no name"))
    return book


def _card(given: str, family: str, cells: dict[str, str]) -> Card:
    return Card(
        given,
        family,
        emails=_values(cells, _EMAIL),
        phones=_values(cells, _PHONE),
        organization=_first(cells, "Organization Name", "Organization 1 - Name"),
        job_title=_first(cells, "Organization Title", "Organization 1 - Title"),
    )


def _name(cells: dict[str, str]) -> tuple[str, str]:
    given = _first(cells, "First Name", "Given Name")
    family = _first(cells, "Last Name", "Family Name")
    if given or family:
        return given or "", family or ""
    return split_name(cells.get("Name", ""))


def _first(cells: dict[str, str], *names: str) -> str | None:
    return next((cells[name] for name in names if cells.get(name)), None)


def _values(cells: dict[str, str], column: re.Pattern[str]) -> list[str]:
    found = [value for name, cell in cells.items() if column.fullmatch(name) for value in cell.split(_SEVERAL)]
    return list(dict.fromkeys(value.strip() for value in found if value.strip()))
