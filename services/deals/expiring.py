"""The worker's loop that ends quotes whose validity is over, each in its organization's time zone."""

import asyncio
from contextlib import suppress
from itertools import groupby
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from services.deals.commands.quotes.expiry import expire, over
from services.deals.worker import held

BATCH = 200
_LOCK = 0xDE715

EXPIRED = Counter("liant_deals_quotes_expired_total", "Quotes that ended without an answer")
_log = structlog.get_logger(__name__)


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
                _log.exception("quotes not looked over, will retry")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)

    async def turn(self) -> int:
        """One look over all organizations. How many quotes it ended; none where another replica is at it."""
        async with self._system.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            async with held(connection, _LOCK) as mine:
                return await self._all(connection) if mine else 0

    async def _all(self, connection: AsyncConnection) -> int:
        rows = (await connection.execute(over(self._database.clock()))).all()
        ended = 0
        for organization, group in groupby(rows, key=lambda row: row[0]):
            ids = [row[1] for row in group]
            for start in range(0, len(ids), BATCH):
                ended += await self._expire(organization, ids[start : start + BATCH])
        EXPIRED.inc(ended)
        return ended

    async def _expire(self, organization: UUID, quotes: list[UUID]) -> int:
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                return await expire(work, quotes)
        except Exception:
            _log.exception("quotes not ended, the next turn will", organization=str(organization))
            return 0
