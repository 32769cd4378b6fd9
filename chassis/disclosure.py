"""What a service keeps of a person, as JSON cut into pieces that messages carry; see docs/decisions/0035-access.md."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from chassis.redaction import naming

PIECE = 200_000
"""Characters of a piece: at most four bytes each, within outbox.MAX_MESSAGE_BYTES."""
MOST_PIECES = 100
MOST_ROWS = 20_000
"""Rows of one table."""
TOO_LARGE = "TOO_LARGE"

Found = dict[str, Any]


class TooMuch(Exception):
    """More than messages should carry."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an answer, or why there is none."""

    answer: UUID
    position: int
    count: int
    text: str = ""
    refusal: str = ""


async def rows_of(
    work: UnitOfWork, table: Table, where: ColumnElement[bool], hidden: Sequence[str] = ()
) -> list[Found]:
    """Whole rows, but for hidden columns. Raises TooMuch."""
    return await _rows(work, table, where, [each.name for each in table.c if each.name not in hidden])


async def mentions(work: UnitOfWork, table: Table, names: Sequence[str], expression: str) -> list[Found]:
    """Of rows of somebody else whose texts name the person: the key and these texts, nothing more. Raises TooMuch."""
    if not expression:
        return []
    keys = [each.name for each in table.primary_key]
    return await _rows(work, table, naming(table, names, expression), [*keys, *names])


async def _rows(work: UnitOfWork, table: Table, where: ColumnElement[bool], names: Sequence[str]) -> list[Found]:
    columns = [table.c[name] for name in dict.fromkeys(names) if name != "organization_id"]
    statement = select(*columns).where(where).order_by(*table.primary_key).limit(MOST_ROWS + 1)
    rows = (await work.session.execute(statement)).all()
    if len(rows) > MOST_ROWS:
        raise TooMuch(f"more than {MOST_ROWS} rows of {table.name}")
    return [dict(row._mapping) for row in rows]


def pieces(told: Mapping[str, Sequence[Found]]) -> list[Piece]:
    """What was found, by table, in pieces. Tables without rows are left out. Raises TooMuch."""
    text = json.dumps({name: rows for name, rows in told.items() if rows}, ensure_ascii=False, default=_plain)
    cuts, answer = range(0, len(text), PIECE), new_id()
    if len(cuts) > MOST_PIECES:
        raise TooMuch(f"more than {MOST_PIECES} pieces")
    return [Piece(answer, position, len(cuts), text[cut : cut + PIECE]) for position, cut in enumerate(cuts)]


def refused() -> Piece:
    """The answer of a service that keeps too much of a person."""
    return Piece(new_id(), 0, 1, refusal=TOO_LARGE)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value)
