"""A message from each service to each other: outbox, relay, broker, consumer, inbox. Measured."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import permutations
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from chassis.auth import Actor
from chassis.database import Database
from chassis.identifiers import new_id
from chassis.messages import Outgoing
from chassis.probing import PROBED
from liant.doctor.finding import Finding
from liant.system.access import Access, described
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1 import messages_pb2 as notifier

POLL_SECONDS = 0.05
PROBES: Mapping[str, type[Message]] = {
    "contacts": contacts.ProbeSent,
    "deals": deals.ProbeSent,
    "notifier": notifier.ProbeSent,
}


async def probe(access: Access, seconds: float) -> list[Finding]:
    """Send from each service, and wait until each other one has it in its inbox, at most so long."""
    async with databases(access) as opened:
        sent = dict(zip(PROBES, await asyncio.gather(*(_send(opened[name], name) for name in PROBES)), strict=True))
        ways = [(one, other) for one, other in permutations(PROBES, 2)]
        return list(await asyncio.gather(*(_way(opened[other], one, other, sent[one], seconds) for one, other in ways)))


@asynccontextmanager
async def databases(access: Access) -> AsyncIterator[dict[str, Database]]:
    """Each service's database, as its application role sees it."""
    opened = {
        name: Database(str(settings.database_url), described(name).base, name, pool_size=2)
        for name, settings in access.settings.items()
    }
    try:
        yield opened
    finally:
        for database in opened.values():
            await database.close()


async def send(database: Database, organization: UUID, body: Message) -> tuple[UUID, UUID]:
    """Put a probe into an outbox. Gives the message's id, and the probe's."""
    probe = new_id()
    async with database.unit_of_work(Actor.system(organization)) as work:
        await work.emit(Outgoing("probe", probe, 1, body))
        await work.session.flush()
        outbox = database.base.metadata.tables["outbox"]
        [id] = await work.session.scalars(select(outbox.c.id).where(outbox.c.aggregate_id == probe))
    return id, probe


async def _send(database: Database, name: str) -> tuple[UUID, float] | str:
    began = time.monotonic()
    try:
        id, _ = await send(database, PROBED, PROBES[name]())
    except (SQLAlchemyError, OSError) as error:
        return f"not sent: {type(error).__name__}"
    return id, began


async def _way(
    database: Database, sender: str, receiver: str, sent: tuple[UUID, float] | str, seconds: float
) -> Finding:
    way = f"{sender} → {receiver}"
    if isinstance(sent, str):
        return Finding(way, "message", sent)
    id, began = sent
    inbox = database.base.metadata.tables["inbox"]
    statement = select(inbox.c.handled_at).where(inbox.c.message_id == id)
    try:
        while time.monotonic() - began < seconds:
            async with database.read(PROBED) as read:
                if await read.first(statement):
                    return Finding(way, "message", None, time.monotonic() - began)
            await asyncio.sleep(POLL_SECONDS)
    except (SQLAlchemyError, OSError) as error:
        return Finding(way, "message", f"inbox not read: {type(error).__name__}")
    return Finding(way, "message", f"did not come within {seconds:g} s")
