"""An address book of either format: what it is, and its entries."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from services.contacts.importing.readers import columns, csv_rows, encoding
from services.contacts.importing.readers.card import Card, Entry, Skipped
from services.contacts.importing.readers.columns import Column
from services.contacts.importing.readers.csv_cards import Cards
from services.contacts.importing.readers.vcard import read_vcards

VCARD, CSV = "VCARD", "CSV"
_VCARD = re.compile(r"^[\s\ufeff\0]*BEGIN\s*:\s*VCARD", re.IGNORECASE | re.MULTILINE)
_SAMPLE = 200


class UnreadableBook(Exception):
    """Neither a vCard file nor a CSV; `code` is one of problems.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Book:
    """What a file was found to be. `delimiter` and `headers` are a CSV's."""

    format: str
    flavour: str
    encoding: str
    delimiter: str | None = None
    heading: int = -1
    headers: list[str] = field(default_factory=list)
    mapping: list[Column] = field(default_factory=list)

    @property
    def shape(self) -> csv_rows.Shape:
        """How a CSV's rows are read."""
        return csv_rows.Shape(self.delimiter or ",", self.heading, self.headers)


def look_at(file: BinaryIO) -> Book:
    """Find out what a file is. Raises UnreadableBook for one that holds no address book."""
    codec = encoding.detect(file)
    head = next(encoding.decoded(file, codec), "")
    if _VCARD.search(head.lstrip("\ufeff")):
        return Book(VCARD, VCARD, codec)
    if not head.strip("\ufeff \r\n\t"):
        raise UnreadableBook("EMPTY_FILE")
    if not csv_rows.is_text([head]):
        raise UnreadableBook("NOT_AN_ADDRESS_BOOK")
    return _csv(file, codec)


def _csv(file: BinaryIO, codec: str) -> Book:
    shape = csv_rows.shape_of(file, codec)
    sample = [row.cells or [] for row in islice(csv_rows.rows(file, codec, shape), _SAMPLE)]
    if len(shape.headers) < 2 and not columns.known(shape.headers):
        raise UnreadableBook("NOT_AN_ADDRESS_BOOK")
    mapping = columns.proposed(shape.headers, sample)
    told = columns.flavour(shape.headers)
    return Book(CSV, told, codec, shape.delimiter, shape.heading, shape.headers, mapping)


def entries(file: BinaryIO, book: Book, mapping: Sequence[Column] | None = None) -> Iterator[Entry]:
    """Every entry, by a mapping that may differ from the one proposed."""
    if book.format == VCARD:
        yield from read_vcards(file, book.encoding)
        return
    cards = Cards(book.headers, mapping or book.mapping)
    for row in csv_rows.rows(file, book.encoding, book.shape):
        yield Entry(row.line, Skipped("UNREADABLE_ROW") if row.cells is None else cards.card(row.cells))


@dataclass(frozen=True, slots=True)
class AddressBook:
    """A small file, read whole."""

    cards: list[Card]
    skipped: list[Entry]


def read_file(path: Path) -> AddressBook:
    """The people in a file. Raises UnreadableBook, OSError."""
    with path.open("rb") as file:
        found = list(entries(file, look_at(file)))
    cards = [entry.found for entry in found if isinstance(entry.found, Card)]
    return AddressBook(cards, [entry for entry in found if isinstance(entry.found, Skipped)])
