"""The worker's loop of what the calendar brings, in each organization's time zone: quotes end, contracts go on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from services.deals.commands.billing.calendar import due, go_on_all
from services.deals.commands.quotes.expiry import expire, over
from services.deals.worker import held

BATCH = 200
_LOCK = 0xDE715

EXPIRED = Counter("liant_deals_quotes_expired_total", "Quotes that ended without an answer")
CONTRACTS = Counter("liant_deals_contracts_continued_total", "Contracts renewed, indexed or ended by the calendar")
_log = structlog.get_logger(__name__)
Found = Callable[[datetime], Select[*tuple[Any, ...]]]
Write = Callable[[UnitOfWork, list[UUID]], Awaitable[int]]


class Expiry:
    """Run as many as you like: one at a time works. A turn that fails is told, and the next one tried."""

    def __init__(self, system: AsyncEngine, database: Database, seconds: float) -> None:
        self._system, self._database, self._seconds = system, database, seconds

    async def run(self, stop: asyncio.Event) -> None:
        """A turn now and each `seconds`, until told to stop."""
        while not stop.is_set():
            try:
                await self.turn()
            except Exception:
                _log.exception("papers not looked over, will retry")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)

    async def turn(self) -> int:
        """One look over all organizations. How many papers it changed; none where another replica is at it."""
        async with self._system.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            async with held(connection, _LOCK) as mine:
                if not mine:
                    return 0
                ended = await self._all(connection, over, expire)
                continued = await self._all(connection, due, go_on_all)
        EXPIRED.inc(ended)
        CONTRACTS.inc(continued)
        return ended + continued

    async def _all(self, connection: AsyncConnection, found: Found, write: Write) -> int:
        rows = (await connection.execute(found(self._database.clock()))).all()
        written = 0
        for organization, group in groupby(rows, key=lambda row: row[0]):
            ids = [row[1] for row in group]
            for start in range(0, len(ids), BATCH):
                written += await self._write(organization, ids[start : start + BATCH], write)
        return written

    async def _write(self, organization: UUID, ids: list[UUID], write: Write) -> int:
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                work.cause = "calendar"
                return await write(work, ids)
        except Exception:
            _log.exception("papers not written, the next turn will", organization=str(organization))
            return 0
