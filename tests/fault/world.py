"""A notifier between a broker, a database and a relay, all of which may be killed; and what was committed to it."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from google.protobuf.message import Message

from chassis import migrations
from chassis.auth import Actor
from chassis.bus import Bus
from chassis.identifiers import format_id, new_id, parse_id
from chassis.messages import Outgoing, headers_of
from chassis.outbox import BrokerUnavailable, PublishRefused
from liant.ports import reserve
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.model import Category
from services.notifier.preferences.commands import unsubscribe
from services.notifier.service import SERVICE
from tests.fault.relay import FaultyRelay
from tests.notifier.house import a_house, an_appointment, urls
from tests.notifier.workers import Works, fresh_streams, kill
from tests.support.control import until
from tests.support.nats import Nats, run_nats
from tests.support.postgres import Postgres, run_postgres

CONNECTIONS = 2
_POINT_SECONDS = 90
_PASS_SECONDS = 1.0
_ACK_WAIT_SECONDS = 3.0  # what a dead worker had in hand comes again so much sooner
SETTINGS = {
    "SMTP_TIMEOUT": "1",
    "RETRY_SECONDS": "0.2",
    "LEASE_SECONDS": "1",
    "INTERNAL_DOMAIN_RATE": "1000",
    "EXTERNAL_DOMAIN_RATE": "1000",
    "EXTERNAL_ORGANIZATION_RATE": "1000",
    "BURST_SECONDS": "60",
}


@dataclass(frozen=True)
class Committed:
    """A message that the broker acknowledged: its id, and the event's, at its revision."""

    id: str
    event: str
    revision: int


@dataclass
class World(Works):
    """Everything, with the record of what was done to it."""

    nats: Nats
    postgres: Postgres
    relay: FaultyRelay
    chance: random.Random
    author: str = ""
    people: list[str] = field(default_factory=list)
    committed: list[Committed] = field(default_factory=list)
    crashes: int = 0
    faults: dict[str, int] = field(default_factory=dict)

    def count(self, fault: str) -> None:
        """One more of a fault."""
        self.faults[fault] = self.faults.get(fault, 0) + 1

    async def inhabit(self, *names: str) -> None:
        """An author, and those who are told of each event."""
        self.author = format_id("collaborator", await self.house.collaborator("Anne"))
        self.people = [format_id("collaborator", await self.house.collaborator(name)) for name in names]
        gone, unwilling = [await self.house.collaborator(name) for name in ("Denis", "Ursule")]
        self.relay.refused["denis@cabinet.example"] = "550 5.1.1 no such user"
        async with self.house.database.unit_of_work(Actor.system(self.house.organization)) as work:
            await unsubscribe(work, unwilling, Category.EVENTS)
        self.people += [format_id("collaborator", id) for id in (gone, unwilling)]

    async def events(self, count: int, changed: float = 0.3) -> None:
        """So many appointments, some of them changed at once."""
        for _ in range(count):
            event = an_appointment(new_id(), title=f"Rendez-vous {new_id().hex}")
            event.author_id, event.concerned_ids[:] = self.author, self.people
            await self.commit(deals.EventCreated(event=event), event.id, 0)
            if self.chance.random() < changed:
                event.revision, event.title = 1, f"{event.title} bis"
                await self.commit(deals.EventChanged(event=event), event.id, 1)

    async def commit(self, body: Message, event: str, revision: int) -> None:
        """Publish as a relay does: until the broker has it, under the same id; once in ten, again after that."""
        outgoing, id = Outgoing("event", parse_id("event", event), revision + 1, body), new_id()
        now, whose = self.house.database.clock(), self.house.organization
        headers = headers_of(outgoing, id=id, source="test", time=now, organization=whose)
        again = self.chance.random() < 0.1
        for _ in range(2 if again else 1):
            await self.surely(outgoing.subject, body.SerializeToString(), headers)
        if again:
            self.count("message published twice")
        self.committed.append(Committed(str(id), event, revision))

    async def surely(self, subject: str, payload: bytes, headers: Mapping[str, str]) -> None:
        """Publish, however long the broker is away."""
        while True:
            try:
                return await self.bus.publish(subject, payload, headers)
            except (BrokerUnavailable, PublishRefused):
                await asyncio.sleep(0.3)

    async def worker(self, point: str = "", nth: int = 1) -> asyncio.subprocess.Process:
        """A worker; with a point, one that dies there."""
        told = {f"LIANT_NOTIFIER_{name}": value for name, value in SETTINGS.items()}
        command = ("-m", "tests.fault.worker", point, str(nth)) if point else ("-m", "services.notifier", "worker")
        environment = {**os.environ, **self.environment(), **told, "LIANT_LOG_LEVEL": "ERROR"}
        return await asyncio.create_subprocess_exec(
            sys.executable, *command, env=environment, stdout=asyncio.subprocess.DEVNULL
        )

    async def crash_at(self, point: str, events: int = 4) -> None:
        """A worker that dies at a point while it works."""
        nth = 1 if point.startswith("relay") else self.chance.randint(1, 3)  # a relay marks many at once
        print(f"to be killed {point}, at pass {nth}")
        worker = await self.worker(point, nth)
        try:
            await self.events(events)
            ended = await asyncio.wait_for(self.events_until(worker), _POINT_SECONDS)
            assert ended == -signal.SIGKILL, f"the worker ended by itself: {ended}"
        except TimeoutError:
            raise AssertionError(f"never came to the point {point!r}") from None
        finally:
            if worker.returncode is None:
                await kill(worker)
        self.crashes += 1
        self.count(f"killed {point}")

    async def events_until(self, worker: asyncio.subprocess.Process) -> int:
        """Events one by one until it ended: those that come together are one pass, however many they are."""
        ending = asyncio.create_task(worker.wait())
        while not (await asyncio.wait({ending}, timeout=_PASS_SECONDS))[0]:
            await self.events(1)
        return ending.result()

    async def settled(self, seconds: float = 60) -> None:
        """Every committed message was handled, and every delivery is over."""

        async def over() -> bool:
            handled = await self.house.rows("SELECT count(*) AS many FROM inbox WHERE type LIKE '%.Event%'")
            waiting = await self.house.rows("SELECT 1 FROM delivery WHERE next_attempt_at IS NOT NULL LIMIT 1")
            unsent = await self.house.rows("SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1")
            return handled[0].many >= len(self.committed) and not waiting and not unsent

        await until(over, seconds=seconds, what="everything committed is handled and told")


@asynccontextmanager
async def a_world(folder: Path, seed: int, *, window: float = 600) -> AsyncIterator[World]:
    """Servers of their own, so that they may die. `window`: seconds for which the broker knows a message's id."""
    chance = random.Random(seed)
    relay = FaultyRelay(reserve(), chance=chance)
    await relay.start()
    async with run_postgres() as postgres, run_nats(folder / "nats") as nats, postgres.database("template") as template:
        told = urls(postgres, template)
        addresses = told["database_owner_url"], told["database_url"], told["database_system_url"]
        await migrations.upgrade(SERVICE.migrations, *addresses)
        async with a_house(postgres, template, folder, relay.port) as house:
            house.settings = house.settings.model_copy(update={"nats_url": nats.url, "smtp_connections": CONNECTIONS})
            await house.found()
            bus = await Bus.connect(house.settings, "test")
            with patch("chassis.bus.connection.ACK_WAIT_SECONDS", _ACK_WAIT_SECONDS):
                await fresh_streams(bus, house, window)
            try:
                yield World(house, bus, nats.url, nats, postgres, relay, chance)
            finally:
                await bus.close()
                await relay.stop()
