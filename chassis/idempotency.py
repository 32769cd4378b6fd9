"""Idempotency keys: a write repeated with the same key gives what the first one made, and writes nothing."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Column, ColumnElement, DateTime, LargeBinary, MetaData, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from chassis.errors import IdempotencyConflict, InvalidInput

MAX_KEY_LENGTH = 128
KEPT_HOURS = 24
PURGE_SECONDS = 3600.0

_log = structlog.get_logger(__name__)


def idempotency_table(metadata: MetaData) -> Table:
    """Keys used within the last KEPT_HOURS, and what each made."""
    return Table(
        "idempotency",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("collaborator_id", Uuid, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("result_id", Uuid),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


class Once:
    """One use of an idempotency key within a unit of work. Without a key, or by the system, every use is the first."""

    def __init__(self, work: UnitOfWork, table: Table, key: str | None, content: object) -> None:
        self._work = work
        self._table = table
        self._key = key
        self._fingerprint = sha256(orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS)).digest()

    async def made_before(self) -> UUID | None:
        """What the first use made, or None if this is the first. A concurrent twin waits for the first to commit.

        Raises IdempotencyConflict where the key came with another content, InvalidInput for a key too long.
        """
        if self._key is None or self._work.actor.collaborator is None:
            return None
        if not 0 < len(self._key) <= MAX_KEY_LENGTH:
            raise InvalidInput("idempotencyKey", f"An idempotency key has 1 to {MAX_KEY_LENGTH} characters.")
        await self._forget_old()
        if await self._reserve():
            return None
        columns = self._table.c
        row = (
            await self._work.session.execute(select(columns.fingerprint, columns.result_id).where(*self._mine()))
        ).one()
        if row.fingerprint != self._fingerprint:
            raise IdempotencyConflict
        made: UUID | None = row.result_id
        return made

    async def made(self, result: UUID) -> None:
        """Remember what this use made."""
        if self._key is not None and self._work.actor.collaborator is not None:
            await self._work.session.execute(self._table.update().where(*self._mine()).values(result_id=result))

    async def _forget_old(self) -> None:
        columns = self._table.c
        old = columns.created_at < func.now() - timedelta(hours=KEPT_HOURS)
        mine = columns.collaborator_id == self._work.actor.collaborator
        await self._work.session.execute(
            self._table.delete().where(columns.organization_id == self._work.organization, mine, old)
        )

    async def _reserve(self) -> bool:
        statement = (
            insert(self._table)
            .values(
                organization_id=self._work.organization,
                collaborator_id=self._work.actor.collaborator,
                key=self._key,
                fingerprint=self._fingerprint,
            )
            .on_conflict_do_nothing()
            .returning(self._table.c.key)
        )
        return (await self._work.session.execute(statement)).first() is not None

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        columns = self._table.c
        return (
            columns.organization_id == self._work.organization,
            columns.collaborator_id == self._work.actor.collaborator,
            columns.key == self._key,
        )


async def forget_old_keys(system: AsyncEngine, table: Table) -> int:
    """Forget every organization's keys that are over KEPT_HOURS old; how many there were."""
    old = table.c.created_at < func.now() - timedelta(hours=KEPT_HOURS)
    async with system.begin() as connection:
        return (await connection.execute(table.delete().where(old))).rowcount


async def forget_keys(system: AsyncEngine, table: Table, stop: asyncio.Event) -> None:
    """Forget old keys now and each PURGE_SECONDS, until told to stop; a turn that fails is told, and the next tried."""
    while not stop.is_set():
        try:
            await forget_old_keys(system, table)
        except Exception:
            _log.exception("idempotency keys not purged, will retry")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PURGE_SECONDS)
