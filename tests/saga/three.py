"""The three services on a database server and a broker of their own, worked by processes that can be killed."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import migrations
from chassis.config import PartSettings
from chassis.database import create_engine
from chassis.topology import Topology
from liant.ports import reserve
from services.notifier.service import SERVICE as NOTIFIER
from tests.contacts import house as contacts
from tests.contacts.house import House as AddressBook
from tests.deals import house as deals
from tests.notifier import house as notifier
from tests.saga.forked import Forked, Point
from tests.support.control import until
from tests.support.nats import run_nats
from tests.support.postgres import Postgres, run_postgres
from tests.support.remains import remains

SERVICES = ("contacts", "deals", "notifier")
_ACK_WAIT_SECONDS = 0.5  # what a dead worker had in hand comes again so much sooner
_OWN = ("inbox", "outbox", "idempotency")


@dataclass
class Three:
    """The houses, whose own workers do not run, and the processes that do."""

    contacts: AddressBook
    deals: deals.House
    notifier: notifier.House
    settings: Mapping[str, PartSettings]
    owners: Mapping[str, AsyncEngine]
    topology: Topology
    workers: dict[str, Forked] = field(default_factory=dict)
    dying: list[Forked] = field(default_factory=list)

    async def work(self, *services: str) -> None:
        """Have workers of these services run, or of all."""
        for name in services or SERVICES:
            if name not in self.workers:
                self.workers[name] = Forked(name, "worker", self.settings[name])

    async def kill(self) -> None:
        """End every worker without warning."""
        killed, self.workers, self.dying = [*self.workers.values(), *self.dying], {}, []
        await asyncio.gather(*(worker.kill() for worker in killed))

    async def worker_dies(self, service: str, point: Point) -> None:
        """A worker of a service works until it comes to a point, and is killed there."""
        self.dying.append(worker := Forked(service, "worker", self.settings[service], point))
        await worker.died()

    @asynccontextmanager
    async def web_of_contacts(self, point: Point) -> AsyncIterator[AddressBook]:
        """A web process of contacts that is killed at a point, while somebody waits for its answer."""
        port = reserve()
        web = Forked("contacts", "web", self.settings["contacts"], point, port)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            try:
                await until(lambda: _answers(client), what="the web part answers")
                yield replace(self.contacts, client=client)
                await web.died()
            finally:
                await web.kill()

    async def settled(self) -> None:
        """Everything that was said was heard."""
        await until(self._settled, what="nothing is left to tell or to hear")

    async def _settled(self) -> bool:
        unsent = [await self.rows(name, "SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1") for name in SERVICES]
        return not any(unsent) and not any([await self._waiting(each.stream, each.durable) for each in self._consumers])

    @property
    def _consumers(self) -> Sequence[Any]:
        return [each for each in self.topology.consumers if each.durable in SERVICES]

    async def _waiting(self, stream: str, durable: str) -> bool:
        told = await self.contacts.running.bus._stream.consumer_info(stream, durable)
        return bool(told.num_pending or told.num_ack_pending)

    async def rows(self, service: str, statement: str, **values: Any) -> Sequence[Any]:
        """Rows as the owner of a service's database sees them."""
        async with self.owners[service].connect() as connection:
            return (await connection.execute(text(statement), values)).all()

    async def state(self, service: str) -> dict[str, Any]:
        """Every row of every table, as text, but for the service's own books."""
        names = [row.relname for row in await self.rows(service, _TABLES)]
        lines = "SELECT coalesce(string_agg(one::text, chr(10) ORDER BY one::text), '') AS all FROM \"{}\" AS one"
        return {name: (await self.rows(service, lines.format(name)))[0].all for name in names if name not in _OWN}

    async def names(self, *words: str) -> dict[str, set[str]]:
        """Which of these words each service still knows, its messages and books included."""
        return {name: {word for _, word in await remains(self.owners[name], *words)} for name in SERVICES}


_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def run_three(folder: Path, smtp_port: int) -> AsyncIterator[Three]:
    """All of it, for the length of a block."""
    for name in (*SERVICES, "nats"):
        (folder / name).mkdir()
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(run_postgres())
        nats = await stack.enter_async_context(run_nats(folder / "nats"))
        stack.enter_context(patch("chassis.bus.ACK_WAIT_SECONDS", _ACK_WAIT_SECONDS))
        template = await stack.enter_async_context(_notifier_template(postgres))
        book = await stack.enter_async_context(contacts.a_house(postgres, nats, folder / "contacts"))
        office = await stack.enter_async_context(deals.a_house(postgres, nats, folder / "deals", working=False))
        mails = await stack.enter_async_context(notifier.a_house(postgres, template, folder / "notifier", smtp_port))
        settings = {
            "contacts": book.running.settings,
            "deals": office.running.settings,
            "notifier": mails.settings.model_copy(update={"nats_url": nats.url}),
        }
        urls = {
            "contacts": book.owner_url,
            "deals": office.owner_url,
            "notifier": str(mails.settings.database_owner_url),
        }
        owners = {name: create_engine(url) for name, url in urls.items()}
        three = Three(book, office, mails, settings, owners, Topology.load(book.running.settings.nats_streams_file))
        try:
            yield three
        finally:
            await three.kill()
            for engine in owners.values():
                await engine.dispose()


@asynccontextmanager
async def _notifier_template(postgres: Postgres) -> AsyncIterator[str]:
    async with postgres.database("notifier_template") as name:
        told = notifier.urls(postgres, name)
        addresses = told["database_owner_url"], told["database_url"], told["database_system_url"]
        await migrations.upgrade(NOTIFIER.migrations, *addresses)
        yield name
