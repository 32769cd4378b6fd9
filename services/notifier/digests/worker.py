"""Forms digests as they come due; run as many as you like."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from chassis.outages import is_outage
from services.notifier.digests.forming import form
from services.notifier.digests.model import Digest

_POLL_SECONDS = 5.0
_PAGE = 100

_log = structlog.get_logger(__name__)


class DigestWorker:
    """Looks for due digests of every organization."""

    def __init__(self, database: Database, system: AsyncEngine) -> None:
        self._database, self._system = database, system

    async def run(self, stop: asyncio.Event) -> None:
        """Form what is due until told to stop."""
        while not stop.is_set():
            try:
                while await self.form_due() == _PAGE and not stop.is_set():
                    pass
            except Exception as error:
                _log.warning(
                    "digests are not formed, will retry", error=repr(error)[:300], exc_info=not is_outage(error)
                )
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _POLL_SECONDS)

    async def form_due(self) -> int:
        """Form what is due now; gives how many there were. One that cannot be formed holds up no other."""
        due = await self._due()
        for row in due:
            try:
                async with self._database.unit_of_work(Actor.system(row.organization_id)) as work:
                    await form(work, row.id)
            except Exception as error:
                if is_outage(error):
                    raise
                _log.exception("a digest cannot be formed, will retry", digest=str(row.id))
        return len(due)

    async def _due(self) -> Sequence[Row[Any]]:
        # The application's clock, which `form` asks too.
        waits = (Digest.formed_at.is_(None), Digest.due_at <= self._database.clock())
        columns: tuple[Any, ...] = (Digest.organization_id, Digest.id)
        statement = select(*columns).where(*waits).order_by(Digest.due_at, func.random())
        async with self._system.connect() as connection:
            return (await connection.execute(statement.limit(_PAGE))).all()
