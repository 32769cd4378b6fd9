"""How a service's parts are composed and run: `migrate`, `web`, `worker`, `rebuild`."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from chassis import asgi, health, revisions, telemetry
from chassis.admission import Look, everybody
from chassis.bus import DEAD_STREAM, Bus
from chassis.config import ServiceSettings
from chassis.database import Base, Database, create_engine
from chassis.idempotency import forget_keys
from chassis.inbox import Handler, Inbox
from chassis.lifecycle import Loop, run_until_stopped
from chassis.outbox import OutboxRelay
from chassis.topology import Consumer, Topology

if TYPE_CHECKING:
    import strawberry

# How long a part waits for the broker before it goes on: reading and writing do not need it.
BROKER_SECONDS = 3.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Running:
    """What a running part holds: settings, database (the application's role), system engine, bus."""

    settings: Any
    database: Database
    system: AsyncEngine
    bus: Bus


@dataclass(frozen=True, slots=True)
class Service:
    """A service, as its parts need it described.

    `copies` keep local copies of other services' rows and may be replayed; `reactions` do something once. `tools`
    makes what resolvers find in `info.context.tools`; `look` finds what is known of a caller.
    """

    settings: type[ServiceSettings]
    base: type[Base]
    migrations: Path
    schema: "Callable[[], strawberry.federation.Schema]"
    copies: Mapping[type[Message], Handler] = field(default_factory=dict)
    reactions: Mapping[type[Message], Handler] = field(default_factory=dict)
    loops: Callable[[Running], dict[str, Loop]] = lambda _: {}
    routes: Callable[[Running], list[BaseRoute]] = lambda _: []
    tools: Callable[[Running], Any] = lambda _: None
    look: Look = everybody

    @property
    def name(self) -> str:
        """`contacts`, `deals`, `notifier`."""
        return self.settings.part

    async def migrate(self) -> None:
        """Bring database, streams and consumers to what this code expects."""
        from chassis import migrations  # Alembic is slow to import, and only this step needs it

        settings = self._begin("migrate")
        owner = settings.database_owner_url
        if owner is None:
            raise SystemExit(f"LIANT_{self.name.upper()}_DATABASE_OWNER_URL is needed to migrate")
        await migrations.upgrade(
            self.migrations, str(owner), str(settings.database_url), str(settings.database_system_url)
        )
        topology = Topology.load(settings.nats_streams_file)
        bus = await Bus.connect(settings, f"liant-{self.name}-migrate")
        try:
            await bus.apply(Topology(topology.streams, topology.consumers_of(self.name)))
        finally:
            await bus.close()
        _log.info("migrated", revision=revisions.newest(self.migrations))

    async def web(self) -> None:
        """Serve the subgraph until a signal."""
        running = await self._running("web")
        app = self.web_app(running)
        await self._run(running, {"web": lambda stop: asgi.serve(app, running.settings, stop)})

    def web_app(self, running: Running) -> Starlette:
        """The ASGI application of `web`."""
        # strawberry: a worker does without it
        from chassis.graphql.app import Subgraph, subgraph_app, verifier
        from chassis.graphql.limits import Limits

        tools, limits = self.tools(running), Limits.of(running.settings)
        accepted = verifier(running.settings)
        subgraph = Subgraph(self.schema(), running.database, accepted, self.name, tools, limits, self.look)
        routes: list[Any] = [*health.routes(self._checks(running)), *self.routes(running)]
        return subgraph_app(subgraph, routes)

    async def worker(self) -> None:
        """Relay, consumers and the service's own loops, until a signal."""
        running = await self._running("worker")
        app = Starlette(routes=health.routes(self._checks(running)))
        loops = {"health": lambda stop: asgi.serve(app, running.settings, stop), **self.worker_loops(running)}
        await self._run(running, loops)

    def worker_loops(self, running: Running) -> dict[str, Loop]:
        """What `worker` runs, health aside."""
        relay = OutboxRelay(running.system, self.base.metadata.tables["outbox"], running.bus, self.name)
        inbox = self.inbox(running)
        streams = {consumer.stream for consumer in self._consumers(running.settings)}
        keys = self.base.metadata.tables["idempotency"]
        loops: dict[str, Loop] = {
            "relay": relay.run,
            "idempotency": lambda stop: forget_keys(running.system, keys, stop),
        }
        for stream in sorted(streams):
            loops[f"consume {stream}"] = lambda stop, stream=stream: inbox.run(stream, stop)  # type: ignore[misc]
        return {**loops, **self.loops(running)}

    def inbox(self, running: Running) -> Inbox:
        """The consumer of every message this service handles."""
        handlers = {**self.copies, **self.reactions}
        return Inbox(self.name, running.bus, running.database, self.base, handlers)

    async def rebuild(self) -> None:
        """Replay the streams into the copies."""
        running = await self._running("rebuild")
        try:
            for consumer in self._consumers(running.settings):
                taken = await self.inbox(running).rebuild(consumer.stream, consumer.subjects, self.copies)
                _log.info("copies rebuilt", stream=consumer.stream, messages=taken)
        finally:
            await self._close(running)

    def _consumers(self, settings: ServiceSettings) -> list[Consumer]:
        """Those of messages to handle: dead letters are kept, by a loop of the service that has such a consumer."""
        found = Topology.load(settings.nats_streams_file).consumers_of(self.name)
        return [consumer for consumer in found if consumer.stream != DEAD_STREAM]

    def _checks(self, running: Running) -> dict[str, health.Check]:
        async def broker() -> None:
            if not running.bus.connected:
                raise ConnectionError("broker away")

        return {
            "database": running.database.ping,
            "migrations": lambda: revisions.check_at_head(running.database.engine, self.migrations),
            "broker": broker,
        }

    def _begin(self, part: str) -> ServiceSettings:
        settings = self.settings.load_or_exit()
        telemetry.configure(settings, f"{self.name}-{part}")
        return settings

    async def _running(self, part: str) -> Running:
        settings = self._begin(part)
        database = Database(str(settings.database_url), self.base, self.name, pool_size=settings.database_pool_size)
        system = create_engine(str(settings.database_system_url), application=f"liant-{self.name}-system")
        bus = await Bus.connect(settings, f"liant-{self.name}-{part}", wait_seconds=BROKER_SECONDS)
        return Running(settings, database, system, bus)

    async def _run(self, running: Running, loops: dict[str, Loop]) -> None:
        try:
            await run_until_stopped(loops, running.settings.shutdown_seconds)
        finally:
            await self._close(running)

    async def _close(self, running: Running) -> None:
        await running.bus.close()
        await running.database.close()
        await running.system.dispose()

    def main(self, arguments: list[str], **more: Callable[[], Any]) -> None:
        """Run the part named by the first argument; `more` adds a service's own commands."""
        commands: dict[str, Callable[[], Any]] = {
            "migrate": self.migrate,
            "web": self.web,
            "worker": self.worker,
            "rebuild": self.rebuild,
            **more,
        }
        if not arguments or arguments[0] not in commands:
            raise SystemExit(f"usage: python -m services.{self.name} {' | '.join(commands)}")
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(commands[arguments[0]]())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.new_event_loop
