"""Every SELECT of the read side of merges."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select

from chassis.database import ReadSession
from services.contacts.model import Merge

MERGE = select(
    Merge.id,
    Merge.version,
    Merge.kind,
    Merge.winner_id,
    Merge.loser_id,
    Merge.changes,
    Merge.added,
    Merge.moved,
    Merge.created_at,
    Merge.created_by_id,
    Merge.undone_at,
    Merge.undone_by_id,
)


async def merges(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Merges by id."""
    return await read.by_key(MERGE, Merge.id, ids)


def concerns(id: UUID) -> ColumnElement[bool]:
    """Merges of which a record was the winner or the loser."""
    return or_(Merge.winner_id == id, Merge.loser_id == id)
