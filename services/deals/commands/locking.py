"""Rows taken for a change."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import NotFound, VersionConflict
from services.deals.model import Alert, Deal, Event, Task

Row = TypeVar("Row", Deal, Event, Task, Alert)


async def locked(work: UnitOfWork, kind: type[Row], id: UUID, field: str = "id", version: int | None = None) -> Row:
    """The row, locked to the end of the transaction. Raises NotFound, and VersionConflict for another version."""
    # populate_existing: what another transaction committed while this one waited for the lock must be seen.
    statement = select(kind).where(kind.id == id).with_for_update(key_share=True)
    row = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if row is None:
        raise NotFound(kind.__tablename__, id, field)
    if version is not None and not isinstance(row, Task) and row.version != version:
        raise VersionConflict(version, row.version)
    return row
