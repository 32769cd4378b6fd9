"""What was recorded outside, and the history of changes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.database import ReadSession
from services.contacts.model import (
    FieldRecord,
    FieldWorkKind,
    HistoryEntry,
)
from services.contacts.queries.rows import Rows, rows_of_each

HISTORY = select(
    HistoryEntry.id,
    HistoryEntry.at,
    HistoryEntry.action,
    HistoryEntry.version,
    HistoryEntry.interlocutor_id,
    HistoryEntry.cause,
    HistoryEntry.by_id,
    HistoryEntry.changes,
)

FIELD_RECORD = select(
    FieldRecord.id,
    FieldRecord.client_id,
    FieldRecord.kind,
    FieldRecord.subject,
    FieldRecord.collaborator_id,
    FieldRecord.captured_at,
    FieldRecord.received_at,
    FieldRecord.applied_at,
    FieldRecord.contact_id,
    FieldRecord.account_id,
    FieldRecord.account_created,
    FieldRecord.kept,
    FieldRecord.latitude,
    FieldRecord.longitude,
    FieldRecord.accuracy_meters,
    FieldRecord.positioned_at,
)


async def field_records(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Records from the field by id."""
    return await read.by_key(FIELD_RECORD, FieldRecord.id, ids)


async def meetings(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The records by which contacts were first recorded outside."""
    statement = FIELD_RECORD.where(FieldRecord.kind == FieldWorkKind.SUSPECT).order_by(FieldRecord.captured_at)
    return await rows_of_each(read, statement, FieldRecord.contact_id, ids)
