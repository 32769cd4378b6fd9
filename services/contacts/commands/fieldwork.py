"""Records from the field: taken once whatever a device repeats, in whatever order they come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import IdempotencyConflict, WrongState
from chassis.identifiers import new_id
from services.contacts.commands.fieldwork_subjects import Subject
from services.contacts.model import FieldRecord, FieldWorkKind

MAX_WAITING = 1000
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")


class TooMuchWaits(WrongState):
    """A device sends records about suspects that never come."""

    code = "TOO_MUCH_FIELD_WORK_WAITS"

    def __init__(self) -> None:
        super().__init__(
            f"{MAX_WAITING} records wait for their suspects already: send the suspects first, then this again.",
            "suspectId",
        )


@dataclass(frozen=True, slots=True)
class Position:
    """Where a device was (WGS 84, degrees), how sure it is (metres), and when it found out."""

    latitude: float
    longitude: float
    accuracy_meters: float | None
    positioned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A record, parsed. `content` is JSON: what it says, by the names of Subject's fields."""

    kind: FieldWorkKind
    client_id: UUID
    subject: UUID
    captured_at: datetime
    content: dict[str, Any]
    position: Position | None = None

    @property
    def fingerprint(self) -> bytes:
        """What tells a repetition from another record under the same id."""
        told = asdict(self)
        # How a photo is decoded may change with a library; what was sent does not.
        told["content"] = {name: value for name, value in self.content.items() if name != "photo"}
        return sha256(orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS)).digest()


async def take_record(work: UnitOfWork, told: Told) -> UUID:
    """Keep a record and do what it says, now or once its suspect comes; the row's id.

    Raises IdempotencyConflict for another record under the same id, TooMuchWaits, WrongState for a deleted contact.
    """
    # A suspect and a note on it that come at the same moment must see each other.
    await work.session.execute(_LOCK, {"subject": f"{work.organization}{told.subject}"})
    record = await _added(work, told)
    if record is None:
        return await _known(work, told)
    if told.kind is FieldWorkKind.SUSPECT:
        await _apply(work, record)
        for each in await _waiting(work, told.subject):
            await _apply(work, each)
    elif await _suspect_came(work, told.subject):
        await _apply(work, record)
    else:
        await _check_room(work)
    return record.id


async def _added(work: UnitOfWork, told: Told) -> FieldRecord | None:
    row = {
        "id": new_id(),
        "organization_id": work.organization,
        "client_id": told.client_id,
        "kind": told.kind,
        "subject": told.subject,
        "collaborator_id": work.actor.collaborator,
        "fingerprint": told.fingerprint,
        "content": told.content,
        "captured_at": told.captured_at,
        "received_at": work.now,
        "account_created": False,
        "kept": [],
        **(asdict(told.position) if told.position else {}),
    }
    statement = insert(FieldRecord).values(row).on_conflict_do_nothing().returning(FieldRecord)
    return await work.session.scalar(statement)


async def _known(work: UnitOfWork, told: Told) -> UUID:
    columns = FieldRecord
    statement = select(columns.id, columns.fingerprint).where(columns.client_id == told.client_id)
    row = (await work.session.execute(statement)).one()
    if row.fingerprint != told.fingerprint:
        raise IdempotencyConflict
    id: UUID = row.id
    return id


async def _suspect_came(work: UnitOfWork, subject: UUID) -> bool:
    columns = FieldRecord
    came = select(columns.id).where(columns.client_id == subject, columns.kind == FieldWorkKind.SUSPECT)
    return await work.session.scalar(came) is not None


async def _waiting(work: UnitOfWork, subject: UUID) -> Sequence[FieldRecord]:
    columns = FieldRecord
    statement = select(columns).where(columns.subject == subject, columns.applied_at.is_(None))
    return (await work.session.scalars(statement.order_by(columns.captured_at, columns.id))).all()


async def _check_room(work: UnitOfWork) -> None:
    columns = FieldRecord
    mine = (columns.collaborator_id == work.actor.collaborator, columns.applied_at.is_(None))
    if (await work.session.scalar(select(func.count()).where(*mine)) or 0) > MAX_WAITING:
        raise TooMuchWaits


async def _apply(work: UnitOfWork, record: FieldRecord) -> None:
    columns = FieldRecord
    earlier = select(columns).where(columns.subject == record.subject, columns.applied_at.is_not(None))
    subject = Subject(work, record, (await work.session.scalars(earlier.order_by(columns.captured_at))).all())
    await subject.apply()
    record.applied_at = work.now
    await work.session.flush()
