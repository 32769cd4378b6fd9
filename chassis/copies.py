"""Copies of others' rows, one or many in one statement: an older version never overwrites a newer one."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, case
from sqlalchemy.dialects.postgresql import insert

from chassis.arrays import columns_of, insert_of
from chassis.database import Base, UnitOfWork

Since = tuple[tuple[str, str], ...]
"""Moments, each with the column that it dates."""


def table_of(copy: type[Base]) -> Table:
    """The table of a copy."""
    return copy.metadata.tables[copy.__tablename__]


async def keep_copy(work: UnitOfWork, table: Table, row: dict[str, Any]) -> bool:
    """Insert or update one row, unless the copy has that version or a later one. Whether it had not."""
    statement = insert(table).values(row)
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in row if name not in keys}
    newer = table.c.version < statement.excluded.version
    kept = statement.on_conflict_do_update(index_elements=keys, set_=changes, where=newer)
    return (await work.session.execute(kept.returning(table.c.version))).first() is not None


async def keep_copies(work: UnitOfWork, table: Table, rows: Iterable[dict[str, Any]], since: Since = ()) -> set[UUID]:
    """Insert or update rows, each of another id; the ids of those that were not there, or older.

    A moment of `since` stays while the column that it dates stays the same.
    """
    # In one order everywhere, so that two consumers never wait for each other.
    ordered = sorted(rows, key=lambda row: row["id"])
    if not ordered:
        return set()
    names = tuple(ordered[0])
    return set(await work.session.scalars(_statement(table, names, since), columns_of(table, names, ordered)))


@cache
def _statement(table: Table, names: tuple[str, ...], since: Since) -> Any:
    statement = insert_of(table, names)
    new, keys = statement.excluded, [column.name for column in table.primary_key]
    changes: dict[str, Any] = {name: new[name] for name in names if name not in keys}
    for moment, dated in since:
        changes[moment] = case((table.c[dated] == new[dated], table.c[moment]), else_=new[moment])
    newer = table.c.version < new.version
    return statement.on_conflict_do_update(index_elements=keys, set_=changes, where=newer).returning(table.c.id)
