"""Waiting for rows: woken by PostgreSQL's NOTIFY, and by the clock in case one is lost."""

import asyncio
import contextlib
from types import TracebackType
from typing import Any, Self

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

_log = structlog.get_logger(__name__)


async def notify(session: AsyncSession, channel: str) -> None:
    """Wake whoever waits on a channel, once this transaction is committed."""
    await session.execute(select(func.pg_notify(channel, "")))


class Wake:
    """Listens on one channel. A lost connection ends the wait, as notifications go with it; the next reopens.

    With `only`, what is told with another payload wakes nobody.
    """

    def __init__(self, engine: AsyncEngine, channel: str, only: str = "") -> None:
        self._engine = engine
        self._channel, self._only = channel, only
        self._event = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._lost = False
        self.woken = False
        """Whether it was not the clock that ended the last wait."""

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._drop()

    async def wait(self, stop: asyncio.Event, seconds: float) -> None:
        """Return at a notification, when told to stop, or after so many seconds."""
        if self._connection is None or self._lost:
            await self._drop()
            await self._listen()
        await _first(seconds, self._event, stop)
        self.woken = self._event.is_set()
        self._event.clear()

    async def pause(self, stop: asyncio.Event, seconds: float) -> None:
        """Return when told to stop, or after so many seconds; notifications do not shorten it."""
        await _first(seconds, stop)

    async def _listen(self) -> None:
        try:
            connection = await self._engine.connect()
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            driver.add_termination_listener(self._end)
            await driver.add_listener(self._channel, self._woken)
            self._connection, self._lost = connection, False
        except Exception as error:
            _log.warning("cannot listen, polling instead", channel=self._channel, error=str(error))

    def _woken(self, _connection: object, _process: int, _channel: str, payload: str) -> None:
        if not self._only or payload in ("", self._only):
            self._event.set()

    def _end(self, *_: object) -> None:
        self._lost = True
        self._event.set()

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.invalidate()
                await connection.close()


async def _first(seconds: float, *events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
