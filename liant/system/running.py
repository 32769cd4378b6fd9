"""A whole system, from its data folder to a gateway that answers."""

import asyncio
import json
from collections.abc import Callable

from liant.supervisor.lines import Sink
from liant.supervisor.supervisor import Supervisor
from liant.system import parts
from liant.system.databases import create_databases
from liant.system.layout import Layout
from liant.system.people import ADMIN
from liant.system.state import Member

# Told what is being done, for a person who waits.
Progress = Callable[[str], None]


class RunningSystem:
    """Every part of one system. `changed` is called whenever a part became ready, or ended."""

    def __init__(self, layout: Layout, sink: Sink, changed: Callable[[], None] = lambda: None) -> None:
        self.layout = layout
        self.supervisor = Supervisor(sink, changed)
        self._sink = sink

    async def start(self, progress: Progress) -> Member:
        """Bring everything up. Gives the first organization's administrator. Raises SupervisorError, EmbeddedError."""
        progress("preparing PostgreSQL and NATS")
        await self._prepare()
        progress("starting PostgreSQL, NATS and the mailbox")
        await self.supervisor.start(parts.servers(self.layout))
        progress("migrating")
        await create_databases(self.layout)
        [printed] = await self.supervisor.run([parts.preparation(self.layout)])
        progress("starting the services and the gateway")
        await self.supervisor.start(parts.services(self.layout))
        ids = next(json.loads(line) for line in reversed(printed) if line.startswith("{"))
        return Member(ids["collaborator"], ADMIN.name, ADMIN.email, ADMIN.role, ids["organization"])

    async def stop(self, patience: float = 15) -> None:
        """End every part, in the opposite order; seconds of patience per wave."""
        await self.supervisor.stop(patience)

    async def _prepare(self) -> None:
        self.layout.nats.prepare()
        for folder in await asyncio.to_thread(self.layout.postgres.prepare):
            self._sink("liant", f"opened {folder} for traversal (o+x): PostgreSQL runs as another user than root")
