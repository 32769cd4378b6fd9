"""What an outbox says was published, and its stream does not hold: published again (docs/decisions/0043-mails.md)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.bus import Bus
from chassis.database import create_engine
from chassis.outbox import BATCH
from chassis.topology import Topology
from liant.doctor.parts import connect
from liant.system.access import Access, described


@dataclass(frozen=True)
class Reconciled:
    """How many messages of a service were looked at, and how many went out again."""

    service: str
    published: int
    again: int


async def reconcile(access: Access) -> list[Reconciled]:
    """Compare each outbox with its stream. Raises BrokerUnavailable, PublishRefused; what was begun may be repeated."""
    return [await _reconcile(access, name) for name in access.settings]


async def _reconcile(access: Access, name: str) -> Reconciled:
    settings = access.settings[name]
    stream = next(each for each in Topology.load(settings.nats_streams_file).streams if each.name == _stream(name))
    held = await _held(access, name)
    engine = create_engine(str(settings.database_system_url), application="liant-doctor")
    own = await connect(settings)
    try:
        return await _republish(engine, own, name, held, timedelta(seconds=stream.max_age or 0))
    finally:
        await own.close()
        await engine.dispose()


def _stream(name: str) -> str:
    return f"LIANT_{name.upper()}"


async def _held(access: Access, name: str) -> set[UUID]:
    """The ids of the messages that the stream holds: about 100 bytes of memory each."""
    bus = await connect(access.migrate)
    try:
        messages = bus.replay(_stream(name), [f"liant.{name}.v1.>"])
        return {UUID(each.headers["ce-id"]) async for each in messages if "ce-id" in each.headers}
    finally:
        await bus.close()


async def _republish(engine: AsyncEngine, bus: Bus, name: str, held: set[UUID], max_age: timedelta) -> Reconciled:
    """In the order in which they were written; what the stream had forgotten by its age stays forgotten."""
    looked, again, position = 0, 0, 0
    async with engine.connect() as connection:
        while rows := (await connection.execute(_published(name, position, max_age))).all():
            for row in rows:
                if row.id not in held:
                    await _publish(bus, row)
                    again += 1
            looked, position = looked + len(rows), rows[-1].position
    return Reconciled(name, looked, again)


def _published(name: str, position: int, max_age: timedelta) -> Any:
    outbox = described(name).base.metadata.tables["outbox"].c
    statement = select(outbox.id, outbox.position, outbox.subject, outbox.payload, outbox.headers).where(
        outbox.published_at.is_not(None), outbox.position > position
    )
    if max_age:
        statement = statement.where(outbox.published_at > func.now() - max_age)
    return statement.order_by(outbox.position).limit(BATCH)


async def _publish(bus: Bus, row: Row[Any]) -> None:
    # Another Nats-Msg-Id: within its window the stream would drop the original's. The inboxes know the ce-id.
    headers = {**row.headers, "Nats-Msg-Id": f"reconcile:{row.id}"}
    await bus.publish(row.subject, row.payload, headers)
