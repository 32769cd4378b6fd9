"""Group commit: what happens at one moment with many deliveries is one statement and one commit.

While one is under way, what comes meanwhile gathers for the next. A delivery is marked SENT before its connection takes
another, so that a death doubles at most as many mails as there are connections.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.database import Database
from chassis.outages import is_outage
from services.notifier.channels import Outcome, Ready
from services.notifier.commands import marking
from services.notifier.commands.marking import Taken
from services.notifier.events import message_news
from services.notifier.model import Status

RETRY_SECONDS = 0.5
_AGAIN = frozenset({"40001", "40P01"})  # a serialization failure, a deadlock

_log = structlog.get_logger(__name__)


def is_passing(error: Exception) -> bool:
    """Whether the same statement may succeed later: the database is away, or chose another's transaction."""
    return is_outage(error) or (isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _AGAIN)


class Ledger:
    """Writes down what is begun and what was taken, on two connections of its own: no ping, no wait for a pool."""

    def __init__(self, database: Database, system: AsyncEngine, worker: str) -> None:
        self._database, self._worker = database, worker
        self._begins, self._marks = _Line(system), _Line(system)
        self._waiting: list[tuple[Taken, asyncio.Future[None]]] = []
        self._marking: asyncio.Task[None] | None = None

    async def begin(self, batch: Sequence[Ready]) -> set[UUID]:
        """These are SENDING from here on; gives those that are still the worker's. Raises where it is not known."""
        async with self._begins as connection:
            return await marking.begin(connection, batch, self._worker, self._database.clock())

    async def sent(self, ready: Ready, outcome: Outcome) -> None:
        """Returns once it is committed, however long the database is away: forgetting it would send the mail again."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((Taken(ready, outcome, self._news(ready)), done))
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark_all())
        await done

    def _news(self, ready: Ready) -> list[dict[str, object]]:
        now, due = self._database.clock(), ready.due
        told = message_news(due, Status.SENT, "", now)
        return [self._database.outbox_row(message, due.organization_id, now) for message in told]

    async def _mark_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._mark([taken for taken, _ in batch])
            for _, done in batch:
                done.set_result(None)
        self._marking = None

    async def _mark(self, batch: Sequence[Taken]) -> None:
        """Until it is written down; what can never be is told apart, and holds up no other."""
        while True:
            try:
                async with self._marks as connection:
                    return await marking.sent(connection, batch, self._database.clock())
            except Exception as error:
                if is_passing(error):
                    _log.warning("database unavailable, answers of the relay wait", error=repr(error)[:200])
                    await asyncio.sleep(RETRY_SECONDS)
                elif len(batch) > 1:
                    for taken in batch:
                        await self._mark([taken])
                    return None
                else:
                    _log.exception("a delivery that went cannot be marked", delivery=str(batch[0].ready.due.id))
                    return None

    async def close(self) -> None:
        """Give the connections back."""
        await self._begins.drop()
        await self._marks.drop()


class _Line:
    """One connection kept open, a statement a transaction; after a fault, another."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def __aenter__(self) -> AsyncConnection:
        if self._connection is None:
            raw = await self._engine.connect()
            self._connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            await self.drop()

    async def drop(self) -> None:
        """Close it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.invalidate()
                await connection.close()
