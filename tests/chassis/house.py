"""The tiny service on real servers."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from chassis import migrations
from chassis.auth import INTERNAL_ISSUER, Actor, TokenSigner
from chassis.bus import Bus
from chassis.database import Database, create_engine
from chassis.identifiers import format_id, new_id
from chassis.inbox import Inbox
from chassis.messages import Outgoing
from chassis.outbox import POLL_SECONDS, OutboxRelay
from chassis.service import Running
from chassis.topology import Topology
from proto.contacts.v1 import messages_pb2 as contracts
from tests.chassis.tiny.model import Base, outbox
from tests.chassis.tiny.service import SERVICE, TinySettings
from tests.support.nats import Nats
from tests.support.postgres import Postgres

STREAM = "LIANT_CONTACTS"
STREAMS = {
    "streams": [
        {"name": STREAM, "subjects": ["liant.contacts.v1.>"]},
        {"name": "LIANT_DEAD", "subjects": ["liant.dead.>"]},
    ],
    "consumers": [{"stream": STREAM, "durable": "tiny", "subjects": ["liant.contacts.v1.>"]}],
}


@dataclass
class House:
    """A database of its own, a broker of its own."""

    running: Running
    signer: TokenSigner
    environment: dict[str, str]
    owner_url: str
    postgres: Postgres
    nats: Nats
    organization: UUID = field(default_factory=new_id)

    @property
    def actor(self) -> Actor:
        """The system, in one organization."""
        return Actor.system(self.organization)

    def relay(self, publisher: Any = None, poll_seconds: float = POLL_SECONDS) -> OutboxRelay:
        """A relay of this outbox."""
        bus = publisher or self.running.bus
        return OutboxRelay(self.running.system, outbox, bus, "tiny", poll_seconds=poll_seconds)

    def inbox(self) -> Inbox:
        """A consumer."""
        return SERVICE.inbox(self.running)

    async def write(self, *names: str, contact: UUID | None = None, start: int = 1) -> UUID:
        """Messages of one contact, a unit of work each: the first creates it. Gives its id."""
        id = contact or new_id()
        for version, name in enumerate(names, start):
            async with self.running.database.unit_of_work(self.actor) as work:
                await work.emit(outgoing(id, version, name))
        return id

    async def all(self, table: Any, *where: Any) -> list[Any]:
        """Rows of a table of this organization."""
        async with self.running.database.read(self.organization) as read:
            return list(await read.rows(select(*table.__table__.c).where(*where)))

    async def waiting(self) -> list[Any]:
        """Rows of the outbox that are neither published nor dead."""
        async with self.running.system.connect() as connection:
            live = (outbox.c.published_at.is_(None), outbox.c.dead_at.is_(None))
            return list(await connection.execute(select(outbox).where(*live).order_by(outbox.c.position)))

    async def on_the_stream(self, subject: str = "liant.contacts.v1.>", stream: str = STREAM) -> list[Any]:
        """Every message a stream holds."""
        return [message async for message in self.running.bus.replay(stream, [subject])]


def outgoing(contact: UUID, version: int, name: str) -> Outgoing:
    """A message about a contact."""
    told = contracts.Contact(id=format_id("contact", contact), given_name=name)
    made, changed = contracts.ContactCreated(contact=told), contracts.ContactChanged(contact=told)
    return Outgoing("contact", contact, version, made if version == 1 else changed)


@asynccontextmanager
async def a_house(postgres: Postgres, nats: Nats, folder: Path) -> AsyncIterator[House]:
    """A migrated database, streams, and connections."""
    async with postgres.database("tiny") as database:
        secret = secrets.token_hex(8)
        signer = TokenSigner(Ed25519PrivateKey.generate(), INTERNAL_ISSUER)
        (folder / "jwks.json").write_text(json.dumps(signer.jwks()))
        (folder / "streams.json").write_text(json.dumps(STREAMS))
        environment = {
            "LIANT_TINY_DATABASE_URL": postgres.url(database, "tiny_app", secret),
            "LIANT_TINY_DATABASE_SYSTEM_URL": postgres.url(database, "tiny_system", secret),
            "LIANT_TINY_DATABASE_OWNER_URL": postgres.url(database),
            "LIANT_TINY_NATS_URL": nats.url,
            "LIANT_TINY_NATS_STREAMS_FILE": str(folder / "streams.json"),
            "LIANT_TINY_GATEWAY_JWKS_FILE": str(folder / "jwks.json"),
        }
        settings = TinySettings(**{name.removeprefix("LIANT_TINY_").lower(): v for name, v in environment.items()})  # type: ignore[arg-type]  # pydantic parses
        app_url, system_url = str(settings.database_url), str(settings.database_system_url)
        await migrations.upgrade(SERVICE.migrations, postgres.url(database), app_url, system_url)
        bus = await Bus.connect(settings, "tiny-test")
        await bus.apply(Topology.load(settings.nats_streams_file))
        running = Running(settings, Database(app_url, Base, "tiny"), create_engine(system_url), bus)
        try:
            yield House(running, signer, environment, postgres.url(database), postgres, nats)
        finally:
            await bus.close()
            await running.database.close()
            await running.system.dispose()
