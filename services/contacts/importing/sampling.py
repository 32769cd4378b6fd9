"""The first rows of a file, kept with its import so that a mapping can be tried without the file."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import islice
from typing import Any, BinaryIO

from services.contacts.importing.readers import csv_rows
from services.contacts.importing.readers.book import VCARD, Book, entries
from services.contacts.importing.readers.card import Card, Detail, Entry, Place, Profile, Reach, Skipped
from services.contacts.importing.readers.columns import Column
from services.contacts.importing.readers.csv_cards import Cards

SAMPLED = 20
_LONGEST_CELL = 500


def sample_of(file: BinaryIO, book: Book) -> list[dict[str, Any]]:
    """As JSON: cells of a CSV, cards of a vCard file."""
    if book.format == VCARD:
        found = islice(entries(file, book), SAMPLED)
        return [{"line": entry.line, **_kept(entry.found)} for entry in found]
    rows = islice(csv_rows.rows(file, book.encoding, book.shape), SAMPLED)
    return [{"line": row.line, "cells": row.cells and [_cut(cell) for cell in row.cells]} for row in rows]


def sampled_entries(sample: Sequence[dict[str, Any]], book: Book, mapping: Sequence[Column] | None) -> list[Entry]:
    """The entries of a sample, by a mapping."""
    cards = Cards(book.headers, mapping or book.mapping)
    return [Entry(told["line"], _entry(told, cards)) for told in sample]


def _entry(told: dict[str, Any], cards: Cards) -> Card | Skipped:
    if "reason" in told:
        return Skipped(told["reason"])
    if "card" in told:
        return _card(told["card"])
    return Skipped("UNREADABLE_ROW") if told["cells"] is None else cards.card(told["cells"])


def _kept(found: Card | Skipped) -> dict[str, Any]:
    if isinstance(found, Skipped):
        return {"reason": found.reason}
    return {"card": _cut_all(asdict(replace(found, photo=None)))}


def _card(told: dict[str, Any]) -> Card:
    reaches = {name: [Reach(*each) for each in told[name]] for name in ("emails", "phones")}
    details = [Detail(*each) for each in told["details"]]
    places = [Place(*each)._replace(written=[Detail(*one) for one in each[-1]]) for each in told.get("addresses", ())]
    profiles = [Profile(*each) for each in told.get("profiles", ())]
    return Card(**{**told, **reaches, "details": details, "addresses": places, "profiles": profiles})


def _cut_all(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _cut_all(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_cut_all(value) for value in told[:SAMPLED]]
    return _cut(told) if isinstance(told, str) else told


def _cut(text: str) -> str:
    # PostgreSQL's JSON holds no NUL.
    return text[:_LONGEST_CELL].replace("\0", "")
