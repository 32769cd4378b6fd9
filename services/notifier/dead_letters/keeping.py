"""The stream of dead letters into rows of their organizations; what was settled off the stream again."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.bus import DEAD_STREAM, Bus, Delivered, Subscription
from chassis.database import Database
from chassis.dead_letters import DeadLetter
from chassis.errors import InvalidId
from chassis.identifiers import parse_id
from chassis.messages import ORGANIZATION
from chassis.wake import Wake
from services.notifier.dead_letters.commands import SETTLED, keep
from services.notifier.dead_letters.model import DeadLetterRow, DeadLetterState

_BATCH = 50
_FETCH_SECONDS = 1.0
_AGAIN_SECONDS = 5.0
_POLL_SECONDS = 60.0  # in case a notification is lost
_MANY = 500

_log = structlog.get_logger(__name__)


class DeadLetterKeeper:
    """Run as many as you like: the broker shares the dead letters out."""

    def __init__(self, database: Database, system: AsyncEngine, bus: Bus) -> None:
        self._database, self._system, self._bus = database, system, bus

    async def run(self, stop: asyncio.Event) -> None:
        """Keep what comes, and take what was settled off the stream, until told to stop."""
        await asyncio.gather(self._keep(stop), self._tidy(stop))

    async def _keep(self, stop: asyncio.Event) -> None:
        subscription: Subscription | None = None
        while not stop.is_set():
            try:
                subscription = subscription or await self._bus.subscribe(DEAD_STREAM, "notifier")
                for message in await subscription.fetch(_BATCH, _FETCH_SECONDS):
                    await self._take(message)
            except Exception as error:
                _log.warning("dead letters are not kept, will retry", error=repr(error)[:300])
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _AGAIN_SECONDS)

    async def _tidy(self, stop: asyncio.Event) -> None:
        async with Wake(self._system, SETTLED) as wake:
            while not stop.is_set():
                try:
                    if not await self._forget_settled():
                        await wake.wait(stop, _POLL_SECONDS)
                except Exception as error:
                    _log.warning("dead letters stay on the stream, will retry", error=repr(error)[:300])
                    await wake.pause(stop, _AGAIN_SECONDS)

    async def _forget_settled(self) -> int:
        leaving = await self._leaving()
        for row in leaving:
            await self._bus.forget(DEAD_STREAM, row.sequence)
            await self._left(row)
        return len(leaving)

    async def _take(self, message: Delivered) -> None:
        try:
            organization = parse_id("organization", message.headers.get(ORGANIZATION, ""))
        except InvalidId:  # nobody's: `liant dead list` shows it all the same
            return await message.done()
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                await keep(work, DeadLetter.of(message))
        except Exception:
            await message.again(_AGAIN_SECONDS)
            raise
        return await message.done()

    async def _leaving(self) -> Sequence[Row[Any]]:
        columns: tuple[Any, ...] = (DeadLetterRow.id, DeadLetterRow.sequence)
        async with self._system.connect() as connection:
            return (await connection.execute(select(*columns).where(DeadLetterRow.leaves_stream).limit(_MANY))).all()

    async def _left(self, row: Row[Any]) -> None:
        # It may have died again meanwhile, and stand at another place.
        mine = DeadLetterRow.id == row.id, DeadLetterRow.sequence == row.sequence
        async with self._system.begin() as connection:
            await connection.execute(update(DeadLetterRow).where(*mine).values(leaves_stream=False))


async def sweep_dead_letters(system: AsyncEngine, days: int) -> None:
    """Forget what died longer ago, as the stream does."""
    async with system.begin() as connection:
        old = DeadLetterRow.died_at < func.now() - timedelta(days=days)
        await connection.execute(delete(DeadLetterRow).where(old))


async def note_settled(system: AsyncEngine, letter: DeadLetter, state: DeadLetterState) -> None:
    """An operator sent it again, or discarded it, off the stream itself."""
    changes = {
        "state": state.value,
        "settled_at": func.now(),
        "settled_by_id": None,
        "version": DeadLetterRow.version + 1,
    }
    mine = DeadLetterRow.sequence == letter.sequence, DeadLetterRow.consumer == letter.consumer
    async with system.begin() as connection:
        statement = update(DeadLetterRow).where(*mine, DeadLetterRow.state == DeadLetterState.WAITING.value)
        await connection.execute(statement.values(changes))
