"""How batches of rows are read: by id, of each owner, counted, or through merges."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from chassis.database import ReadSession
from services.contacts.model import (
    Account,
    AccountAddress,
    Contact,
    ContactAddress,
)

Rows = Sequence[Row[Any]]
Statement = Select[*tuple[Any, ...]]


async def rows_through_merges(
    read: ReadSession, statement: Statement, table: type[Contact] | type[Account], ids: Sequence[UUID]
) -> list[Row[Any] | None]:
    """By id, through merges: one statement, and one more for each step of the longest chain of merges."""
    found = {id: row for id, row in zip(ids, await read.by_key(statement, table.id, ids), strict=True) if row}
    while merged := {id: row.merged_into_id for id, row in found.items() if row.merged_into_id is not None}:
        winners = {row.id: row for row in await read.rows(statement.where(table.id.in_(set(merged.values()))))}
        found.update({id: winners[winner] for id, winner in merged.items()})
    return [found.get(id) for id in ids]


async def counts_of(read: ReadSession, statement: Statement, owner: Any, ids: Sequence[UUID]) -> list[int]:
    """How many rows each owner has, in the order of the owners."""
    rows = await read.rows(statement.where(owner.in_(ids)).group_by(owner))
    found: dict[UUID, int] = dict(map(tuple, rows))
    return [found.get(id, 0) for id in ids]


async def rows_of_each(read: ReadSession, statement: Statement, owner: Any, ids: Sequence[UUID]) -> list[Rows]:
    """The rows of each owner, in the statement's order."""
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await read.rows(statement.where(owner.in_(ids))):
        found[getattr(row, owner.key)].append(row)
    return [found[id] for id in ids]


def place_columns(table: type[ContactAddress] | type[AccountAddress], owner: Any) -> Statement:
    """Postal addresses with their owners, the main ones first."""
    columns = (table.kind, table.lines, table.postal_code, table.city, table.region, table.country)
    return select(owner, *columns).order_by(table.position)
