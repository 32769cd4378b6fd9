"""Copies of what contacts owns: upserts that an older message cannot undo, so that a replay changes nothing."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.notifier.model import NotifierBase


async def keep_copy(work: UnitOfWork, copy: type[NotifierBase], row: dict[str, Any]) -> bool:
    """Insert or update one row, unless the copy has that version or a later one. Whether it had not."""
    table = table_of(copy)
    keys = [column.name for column in table.primary_key]
    statement = insert(table).values(row)
    newer = statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: statement.excluded[name] for name in row if name not in keys},
        where=table.c.version < statement.excluded.version,
    )
    return (await work.session.execute(newer.returning(table.c.version))).first() is not None


def table_of(copy: type[NotifierBase]) -> Table:
    """The table of a copy."""
    return copy.metadata.tables[copy.__tablename__]
