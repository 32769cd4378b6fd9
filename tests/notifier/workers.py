"""The notifier's worker as a process of its own, between a real broker, a real database and a real mailbox."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from google.protobuf.message import Message

from chassis.bus import Bus
from chassis.identifiers import new_id
from chassis.messages import Outgoing, headers_of
from chassis.topology import Topology
from services.notifier.model import NotifierBase
from tests.notifier.house import House

TABLES = ("attempt", "link", "delivery", "cause", "collaborator", "contact", "account", "organization")


@dataclass
class Works:
    """A house whose messages come over a broker, and the means to start, kill and ask its processes."""

    house: House
    bus: Bus
    nats_url: str

    async def publish(self, body: Message, aggregate: str, id_text: str, version: int = 1) -> None:
        """What another service's relay would publish."""
        from chassis.identifiers import parse_id

        outgoing = Outgoing(aggregate, parse_id(aggregate, id_text), version, body)
        now, message = self.house.database.clock(), new_id()
        headers = headers_of(outgoing, id=message, source="test", time=now, organization=self.house.organization)
        await self.bus.publish(outgoing.subject, body.SerializeToString(), headers)

    def environment(self) -> dict[str, str]:
        """This house's settings, as a process reads them."""
        settings = self.house.settings
        told = {
            "DATABASE_URL": str(settings.database_url),
            "DATABASE_SYSTEM_URL": str(settings.database_system_url),
            "DATABASE_OWNER_URL": str(settings.database_owner_url),
            "NATS_URL": self.nats_url,
            "SMTP_PORT": str(settings.smtp_port),
            "SMTP_TLS": "none",
            "SMTP_CONNECTIONS": str(settings.smtp_connections),
            "LEASE_SECONDS": "2",
            "PUBLIC_URL": settings.public_url,
        }
        return {f"LIANT_NOTIFIER_{name}": value for name, value in told.items()}

    async def start(self, *command: str) -> asyncio.subprocess.Process:
        """`python -m services.notifier <command>` with this house's settings."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.notifier",
            *command,
            env={**os.environ, **self.environment(), "LIANT_LOG_LEVEL": "ERROR"},
            stdout=asyncio.subprocess.DEVNULL,
        )

    @asynccontextmanager
    async def working(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker for the length of a block."""
        process = await self.start("worker")
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()

    async def forget(self) -> None:
        """Empty every table that a test fills through messages, the inbox apart."""
        tables = [NotifierBase.metadata.tables[name].name for name in TABLES]
        async with self.house.owner.begin() as connection:
            await connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)} CASCADE")


async def kill(process: asyncio.subprocess.Process) -> None:
    """End it as the machine's memory or power would."""
    process.kill()
    await process.wait()


async def fresh_streams(bus: Bus, house: House, window: float = 600) -> None:
    """The streams and the notifier's consumers, as the migrate step makes them; `window` drops repeated messages."""
    topology = Topology.load(house.settings.nats_streams_file)
    streams = [replace(stream, duplicate_window=window) for stream in topology.streams]
    await bus.apply(Topology(streams, topology.consumers_of("notifier")))
