"""Rows of a CSV file (RFC 4180, and what spreadsheets make of it): delimiter, heading, rows with their line."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple

from services.contacts.importing.readers import columns, encoding
from services.contacts.importing.readers.lines import lines

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 500
MAX_CELL = 100_000
_LOOKED_AT = 40


class Row(NamedTuple):
    """One row; `cells` is None where it cannot be read."""

    line: int
    cells: list[str] | None


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read: what separates its cells, and which of its rows is the heading (from 0; -1 none)."""

    delimiter: str
    heading: int
    headers: list[str]


def shape_of(file: BinaryIO, codec: str) -> Shape:
    """Found from the first rows."""
    told = _told_delimiter(file, codec)
    choices = [told] if told else list(DELIMITERS)
    heads = {each: [row.cells or [] for row in islice(_raw_rows(file, codec, each), _LOOKED_AT)] for each in choices}
    delimiter = max(choices, key=lambda each: _score(heads[each]))
    head = heads[delimiter]
    place = _heading(head)
    width = max((len(cells) for cells in head), default=0)
    headers = [cell.strip() for cell in head[place]] if place >= 0 else [str(n + 1) for n in range(width)]
    return Shape(delimiter, place, headers[:MAX_COLUMNS])


def rows(file: BinaryIO, codec: str, shape: Shape) -> Iterator[Row]:
    """Every row under the heading that has something in it."""
    for row in islice(_raw_rows(file, codec, shape.delimiter), shape.heading + 1, None):
        if row.cells is None or any(cell.strip() for cell in row.cells):
            yield row


def _raw_rows(file: BinaryIO, codec: str, delimiter: str) -> Iterator[Row]:
    source = _text_lines(file, codec)
    reader = csv.reader(source, delimiter=delimiter, strict=False)
    while True:
        line = reader.line_num + 1
        try:
            yield Row(line, next(reader)[:MAX_COLUMNS])
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, None)


def _text_lines(file: BinaryIO, codec: str) -> Iterator[str]:
    # Wider encodings arrive as UTF-8 (see encoding.blocks).
    name = "utf-8" if codec.startswith("utf") else codec
    for _, line in lines(encoding.blocks(file, codec)):
        yield line.decode(name, "replace").replace("\0", "") + "\n"


def _told_delimiter(file: BinaryIO, codec: str) -> str | None:
    """Excel's own first line, `sep=;`."""
    first = next(_text_lines(file, codec), "").strip()
    return first[4:5] if first.casefold().startswith("sep=") and len(first) == 5 else None


def _score(head: list[list[str]]) -> tuple[int, int]:
    """How well a delimiter fits: known headings, then rows that are as wide as most."""
    known = max((columns.known(cells) for cells in head), default=0)
    widths = [len(cells) for cells in head if len(cells) > 1]
    return known, sum(widths.count(width) for width in set(widths) if widths.count(width) > len(head) / 2)


def _heading(head: list[list[str]]) -> int:
    """The row with most known headings; else the first one, unless it holds somebody's address or number."""
    best = max(range(len(head)), key=lambda place: (columns.known(head[place]), -place), default=-1)
    if best >= 0 and columns.known(head[best]) > 0:
        return best
    first = next((place for place, cells in enumerate(head) if len(cells) > 1), 0 if head else -1)
    return -1 if first >= 0 and any(columns.sniffed([cell]) for cell in head[first]) else first


def is_text(sample: Iterable[str]) -> bool:
    """Whether rows hold text at all, rather than a picture or an archive."""
    whole = "".join(sample)
    strange = sum(character < " " and character not in "\t\r\n" for character in whole)
    return strange * 50 <= len(whole)
