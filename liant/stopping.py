"""Ctrl-C and its relatives: the first signal asks to stop, the second one insists."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# `uv run`, `timeout` and terminals pass one Ctrl-C on more than once.
ONE_AND_THE_SAME_SECONDS = 1.0


class Stopped(Exception):
    """A signal came before the work was done."""


class StopSignals:
    """Counts the signals from its making on; needs a running loop."""

    def __init__(self) -> None:
        self._asked, self._insisted = asyncio.Event(), asyncio.Event()
        self._first = 0.0
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._loop.add_signal_handler(number, self._take)

    def _take(self) -> None:
        if not self._asked.is_set():
            self._first = self._loop.time()
            self._asked.set()
        elif self._loop.time() - self._first > ONE_AND_THE_SAME_SECONDS:
            self._insisted.set()

    async def asked(self) -> None:
        """Wait for the first signal."""
        await self._asked.wait()

    async def unless_asked(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work. Raises Stopped, the work cancelled, where a signal comes first."""
        return await self._race(work, self._asked)

    async def unless_insisted(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work. Raises Stopped, the work cancelled, where a second signal comes."""
        return await self._race(work, self._insisted)

    async def _race(self, work: Coroutine[Any, Any, T], event: asyncio.Event) -> T:
        task, signalled = asyncio.create_task(work), asyncio.create_task(event.wait())
        await asyncio.wait({task, signalled}, return_when=asyncio.FIRST_COMPLETED)
        signalled.cancel()
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait({task})
        raise Stopped
