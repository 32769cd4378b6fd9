"""Contacts' worker, in two halves that can be ended apart."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from chassis.bus import Bus
from chassis.service import Running
from services.contacts.service import SERVICE

RELAY, CONSUMER = "relay", "consume LIANT_DEALS"


class ContactsWorker:
    """The relay of what contacts says, and the consumer of what deals says, on a connection of their own."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._bus: Bus | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, *halves: str) -> None:
        """Both, or those named."""
        if self._bus is None:
            self._bus = await Bus.connect(self._running.settings, "contacts-worker-test")
        loops = SERVICE.worker_loops(replace(self._running, bus=self._bus))
        for name in halves or (RELAY, CONSUMER):
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(loops[name](asyncio.Event()))

    async def kill(self) -> None:
        """End both without warning, wherever they are; their connection ends with them, as a process's would."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._bus is not None:
            await self._bus.close()
            self._bus = None
