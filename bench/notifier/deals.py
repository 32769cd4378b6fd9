"""Deals as the notifier knows it: a database whose outbox events are committed to, and the worker that relays them."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from chassis import migrations
from chassis.auth import Actor
from chassis.database import Database
from chassis.identifiers import parse_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.model import Base
from services.deals.service import SERVICE
from tests.notifier.house import PASSWORD, an_event
from tests.notifier.workers import Works
from tests.support.postgres import Postgres


@dataclass(frozen=True)
class Deals:
    """The database, as deals' commands commit to it, and the worker's process."""

    database: Database
    organization: UUID
    worker: asyncio.subprocess.Process

    async def commit(self, event: pb.Event) -> float:
        """Commit an event's message as a command does; gives the moment right before (seconds since 1970)."""
        before = time.time()
        async with self.database.unit_of_work(Actor.system(self.organization)) as work:
            await work.emit(Outgoing("event", parse_id("event", event.id), 1, pb.EventCreated(event=event)))
        return before

    async def commit_many(self, author: UUID, told: Sequence[UUID], events: int, per_second: int) -> dict[UUID, float]:
        """So many events at a steady rate, whatever becomes of them; when each was committed."""
        committed: dict[UUID, float] = {}
        began, tasks = time.monotonic(), []

        async def one(place: int) -> None:
            event = an_event(author, *told, title=f"Appel {place}")
            committed[parse_id("event", event.id)] = await self.commit(event)

        for place in range(events):
            await asyncio.sleep(max(0.0, began + place / per_second - time.monotonic()))
            tasks.append(asyncio.create_task(one(place)))
        await asyncio.gather(*tasks)
        return committed


@asynccontextmanager
async def deals_of(works: Works, postgres: Postgres) -> AsyncIterator[Deals]:
    """Deals beside the notifier, on the same servers."""
    async with postgres.database("deals") as name:
        app, system = (postgres.url(name, f"deals_{role}", PASSWORD) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, postgres.url(name), app, system)
        database = Database(app, Base, "deals")
        worker = await _worker(works, app, system)
        try:
            yield Deals(database, works.house.organization, worker)
        finally:
            worker.terminate()
            await worker.wait()
            await database.close()


async def _worker(works: Works, app: str, system: str) -> asyncio.subprocess.Process:
    told = {"DATABASE_URL": app, "DATABASE_SYSTEM_URL": system, "NATS_URL": works.nats_url}
    environment = {f"LIANT_DEALS_{key}": value for key, value in told.items()}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.deals", "worker",
        env={**os.environ, **environment, "LIANT_LOG_LEVEL": "ERROR"},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
