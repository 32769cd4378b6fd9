"""Messages out: written in the transaction of the change, published afterwards by any number of relays.

A relay holds one partition of the aggregates at a time by an advisory lock of its session, so that an aggregate's
messages keep their order; should it die, PostgreSQL lets go of the lock. What it published without having marked is
published again with the same `Nats-Msg-Id`, which JetStream and the consumers' inboxes drop.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID
from zlib import crc32

import structlog
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    SmallInteger,
    Table,
    Text,
    Uuid,
    exists,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis import metrics
from chassis.arrays import one_of
from chassis.messages import Outgoing
from chassis.outages import is_outage
from chassis.wake import Wake

PARTITIONS = 16
BATCH = 200
POLL_SECONDS = 1.0
BACKOFF_SECONDS = 2.0
MAX_ATTEMPTS = 20
MAX_MESSAGE_BYTES = 900_000
RETENTION_DAYS = 30
PRUNE_EACH_SECONDS = 3600
CHANNEL = "outbox"
_LOCK_CLASS = 0x0B0C
_PUBLISHED = ("id", "position", "aggregate_id", "subject", "payload", "headers")

_log = structlog.get_logger(__name__)


class MessageTooLarge(Exception):
    """A message over what the broker takes; refused at the write, where somebody can act."""


class PublishRefused(Exception):
    """The broker answered that it will not take this message."""


class BrokerUnavailable(Exception):
    """The broker does not answer; the message stays in the outbox."""


class Publisher(Protocol):
    """What the relay needs of a bus."""

    async def publish(self, subject: str, payload: bytes, headers: Mapping[str, str]) -> None:
        """Return once the broker stored it. Raises PublishRefused or BrokerUnavailable."""


def outbox_table(metadata: MetaData) -> Table:
    """The outbox of one service."""
    table = Table(
        "outbox",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("position", BigInteger, Identity(always=True), nullable=False),
        Column("organization_id", Uuid, nullable=False),
        Column("partition", SmallInteger, nullable=False),
        Column("aggregate", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("aggregate_version", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("published_at", DateTime(timezone=True)),
        Column("dead_at", DateTime(timezone=True)),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
    )
    waiting = table.c.published_at.is_(None) & table.c.dead_at.is_(None)
    Index("outbox_waiting", table.c.partition, table.c.position, postgresql_where=waiting)
    Index("outbox_published", table.c.published_at)
    return table


def outbox_row(
    message: Outgoing, *, id: UUID, organization: UUID, headers: dict[str, str], now: datetime
) -> dict[str, Any]:
    """The row of a message. Raises MessageTooLarge."""
    payload = message.body.SerializeToString()
    if len(payload) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(f"{message.type} has {len(payload)} bytes; the broker takes {MAX_MESSAGE_BYTES}")
    return {
        "id": id,
        "organization_id": organization,
        "partition": crc32(message.aggregate_id.bytes) % PARTITIONS,
        "aggregate": message.aggregate,
        "aggregate_id": message.aggregate_id,
        "aggregate_version": message.version,
        "type": message.type,
        "subject": message.subject,
        "payload": payload,
        "headers": headers,
        "created_at": now,
    }


class OutboxRelay:
    """Publishes what waits in an outbox. Run as many as you like."""

    def __init__(
        self,
        engine: AsyncEngine,
        outbox: Table,
        publisher: Publisher,
        service: str,
        *,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._publisher = publisher
        self._service = service
        self._poll_seconds = poll_seconds
        self._waiting = outbox.c.published_at.is_(None) & outbox.c.dead_at.is_(None)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until told to stop; faults of database and broker are told, waited out, and tried again."""
        async with Wake(self._engine, CHANNEL) as wake:
            pruner = asyncio.create_task(self._prune_now_and_then(stop))
            try:
                while not stop.is_set():
                    await self._turn(stop, wake)
            finally:
                pruner.cancel()

    async def _turn(self, stop: asyncio.Event, wake: Wake) -> None:
        try:
            if not await self.drain():
                await wake.wait(stop, self._poll_seconds)
        except BrokerUnavailable as error:
            _log.warning("broker unavailable, messages wait", service=self._service, error=str(error))
            await wake.pause(stop, BACKOFF_SECONDS)
        except Exception as error:
            told = {"service": self._service, "error": repr(error)[:300]}
            _log.error("outbox relay failed, will retry", **told, exc_info=not is_outage(error))
            await wake.pause(stop, BACKOFF_SECONDS)

    async def drain(self) -> int:
        """Publish what waits in the partitions nobody else holds; how many messages that was."""
        async with self._engine.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            async with self._held(connection) as mine:
                return await self._drain(connection, mine) if mine else 0

    @asynccontextmanager
    async def _held(self, connection: AsyncConnection) -> AsyncIterator[list[int]]:
        """The partitions in which something waits and that nobody else works, as this connection's own."""
        columns, each = self._outbox.c, func.generate_series(0, PARTITIONS - 1).column_valued("each")
        waits = exists().where(self._waiting, columns.partition == each)
        lock = func.pg_try_advisory_lock(_LOCK_CLASS, each).label("mine")
        mine = [row.each for row in await connection.execute(select(each, lock).where(waits)) if row.mine]
        try:
            yield mine
        finally:
            if mine:
                own = func.unnest(literal(mine, ARRAY(Integer))).column_valued("own")
                await connection.execute(select(func.pg_advisory_unlock(_LOCK_CLASS, own)))

    def _next(self, partitions: list[int]) -> Select[Any]:
        """A batch of what waits in these partitions, as much of each."""
        columns = self._outbox.c
        own = func.unnest(literal(partitions, ARRAY(Integer))).table_valued("id", name="own").render_derived()
        waiting = (
            select(*(columns[name] for name in _PUBLISHED))
            .where(self._waiting, columns.partition == own.c.id)
            .order_by(columns.position)
            .limit(BATCH // len(partitions))
            .lateral("waiting")
        )
        return select(waiting).select_from(own.join(waiting, true())).order_by(waiting.c.position)

    async def _drain(self, connection: AsyncConnection, partitions: list[int]) -> int:
        rows = (await connection.execute(self._next(partitions))).all()
        chains = [list(chain) for _, chain in groupby(sorted(rows, key=_aggregate), key=_aggregate)]
        outcomes = await asyncio.gather(*(self._publish_chain(chain) for chain in chains))
        sent = [id for published, _ in outcomes for id in published]
        await self._mark(connection, sent)
        for _, refused in outcomes:
            if refused is not None:
                await self._refused(connection, *refused)
        if any(unavailable := [error for _, error in outcomes if error and isinstance(error[1], BrokerUnavailable)]):
            raise unavailable[0][1]
        return len(sent)

    async def _publish_chain(self, rows: list[Row[Any]]) -> tuple[list[UUID], tuple[UUID, Exception] | None]:
        """Publish one aggregate's messages in order, up to the first that fails."""
        published: list[UUID] = []
        for row in rows:
            try:
                await self._publisher.publish(row.subject, row.payload, row.headers)
            except Exception as error:
                # Whatever it is, it concerns this row: the other aggregates' messages must go out and be marked.
                return published, (row.id, error)
            published.append(row.id)
        return published, None

    async def _mark(self, connection: AsyncConnection, ids: list[UUID]) -> None:
        if ids:
            these = one_of(self._outbox.c.id, ids)
            statement = self._outbox.update().where(these).values(published_at=func.now())
            await connection.execute(statement)
            metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(ids))

    async def _refused(self, connection: AsyncConnection, id: UUID, error: Exception) -> None:
        """Count a refusal; an outage is no refusal. After MAX_ATTEMPTS the row is dead, and frees its aggregate."""
        if isinstance(error, BrokerUnavailable):
            return
        columns = self._outbox.c
        statement = (
            self._outbox.update()
            .where(columns.id == id)
            .values(
                attempts=columns.attempts + 1,
                last_error=repr(error)[:500],
                dead_at=text("CASE WHEN attempts + 1 >= :most THEN now() END").bindparams(most=MAX_ATTEMPTS),
            )
        )
        _log.error("message refused", service=self._service, message_id=str(id), error=repr(error))
        metrics.OUTBOX_REFUSED.labels(self._service).inc()
        await connection.execute(statement)

    async def _prune_now_and_then(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.prune()
            except Exception:
                _log.exception("outbox not pruned", service=self._service)
            await asyncio.sleep(PRUNE_EACH_SECONDS)

    async def prune(self) -> None:
        """Delete what was published over RETENTION_DAYS ago."""
        old = self._outbox.c.published_at < func.now() - timedelta(days=RETENTION_DAYS)
        async with self._engine.begin() as connection:
            await connection.execute(self._outbox.delete().where(old))


def _aggregate(row: Row[Any]) -> Any:
    return row.aggregate_id
