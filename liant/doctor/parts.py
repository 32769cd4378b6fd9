"""Parts, databases, broker and SMTP: does each answer, and is what waits in the outboxes on its way?"""

import asyncio
import http.client
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from chassis.bus import DEAD_STREAM, Bus
from chassis.config import BrokerSettings, ServiceSettings
from chassis.database import create_engine
from chassis.dead_letters import DEAD_SUBJECTS
from chassis.outbox import BrokerUnavailable
from liant.doctor.finding import Finding
from liant.http import get
from liant.system.access import Access, described
from services.notifier.mailer import Relay, greet

CONNECT_SECONDS = 5.0
SMTP_SECONDS = 10.0
OLD_SECONDS = 60.0
"""How long a message may wait in an outbox before that is a fault."""


async def look(access: Access) -> list[Finding]:
    """Look at every part, all at the same time."""
    looks = [
        *(_http(name, address) for name, address in access.parts.items()),
        *(_broker(name, settings) for name, settings in access.settings.items()),
        *(_database(name, settings) for name, settings in access.settings.items()),
        _smtp(access.relay),
        _dead(access.migrate),
    ]
    return list(await asyncio.gather(*looks))


async def _http(name: str, address: str) -> Finding:
    try:
        answer = await get(f"{address}/readyz")
    except (OSError, http.client.HTTPException):
        return Finding(name, address, "no answer")
    told = answer.body.decode("utf-8", "replace")[:300]
    return Finding(name, address, None if answer.status == 200 else f"not ready: {told}")


async def _broker(name: str, settings: ServiceSettings) -> Finding:
    """As the service's own user: its password and its permissions are looked at too."""
    return await _timed(f"nats as {name}", settings.nats_url, lambda: _connected(settings))


async def _connected(settings: BrokerSettings) -> str | None:
    bus = await connect(settings)
    await bus.close()
    return None


async def connect(settings: BrokerSettings) -> Bus:
    """A connection that is there. Raises BrokerUnavailable."""
    bus = await Bus.connect(settings, "liant-doctor", wait_seconds=CONNECT_SECONDS)
    if bus.connected:
        return bus
    await bus.close()
    raise BrokerUnavailable("no answer, or this user is not let in")


async def _database(name: str, settings: ServiceSettings) -> Finding:
    address = _without_password(settings)
    return await _timed(f"database of {name}", address, lambda: _outbox(name, settings))


async def _outbox(name: str, settings: ServiceSettings) -> str | None:
    outbox = described(name).base.metadata.tables["outbox"]
    waits = outbox.c.published_at.is_(None) & outbox.c.dead_at.is_(None)
    age = func.extract("epoch", func.now() - func.min(outbox.c.created_at).filter(waits))
    dead = func.count().filter(outbox.c.dead_at.is_not(None))
    engine = create_engine(str(settings.database_system_url), application="liant-doctor")
    try:
        async with asyncio.timeout(CONNECT_SECONDS), engine.connect() as connection:
            row = (await connection.execute(select(func.coalesce(age, 0).label("age"), dead.label("dead")))).one()
    finally:
        await engine.dispose()
    if row.dead:
        return f"{row.dead} messages that the broker refused for good (table outbox, dead_at)"
    return f"a message has waited {row.age:.0f} s to be published" if row.age > OLD_SECONDS else None


async def _smtp(relay: Relay) -> Finding:
    async def greeted() -> str | None:
        async with asyncio.timeout(SMTP_SECONDS):
            return await greet(relay)

    return await _timed("smtp", f"{relay.host}:{relay.port}", greeted)


async def _dead(settings: BrokerSettings) -> Finding:
    count = 0

    async def counted() -> str | None:
        nonlocal count
        bus = await connect(settings)
        try:
            async for _ in bus.replay(DEAD_STREAM, [DEAD_SUBJECTS]):
                count += 1
        finally:
            await bus.close()
        return f"{count} dead letters: `liant dead list` shows them" if count else None

    return await _timed("dead letters", settings.nats_url, counted)


async def _timed(part: str, address: str, look: Callable[[], Awaitable[str | None]]) -> Finding:
    began = time.monotonic()
    try:
        fault = await look()
    except (BrokerUnavailable, SQLAlchemyError, OSError, TimeoutError) as error:
        fault = str(error).splitlines()[0][:300] if str(error) else "no answer"
    return Finding(part, address, fault, None if fault else time.monotonic() - began)


def _without_password(settings: ServiceSettings) -> str:
    host = settings.database_url.hosts()[0]
    return f"{host['host']}:{host['port'] or 5432}{settings.database_url.path or ''}"
