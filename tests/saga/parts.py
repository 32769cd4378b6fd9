"""Contacts' worker, in two halves that can be ended apart."""

import asyncio
from contextlib import suppress

from chassis.service import Running
from services.contacts.service import SERVICE

RELAY, CONSUMER = "relay", "consume LIANT_DEALS"


class ContactsWorker:
    """The relay of what contacts says, and the consumer of what deals says."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, *halves: str) -> None:
        """Both, or those named."""
        loops = SERVICE.worker_loops(self._running)
        for name in halves or (RELAY, CONSUMER):
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(loops[name](asyncio.Event()))

    async def kill(self) -> None:
        """End both without warning, wherever they are."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
