"""The database killed while mails are within DATA: what the relay took is written down afterwards, and sent once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from chassis import migrations
from chassis.identifiers import parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.service import SERVICE
from tests.notifier.house import House, a_house, an_event, urls
from tests.support.control import until
from tests.support.postgres import Postgres, run_postgres
from tests.support.smtp import Mailbox


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Postgres]:
    """A server that nobody else uses, so that it may die."""
    async with run_postgres() as found:
        yield found


@pytest_asyncio.fixture
async def fragile(server: Postgres, tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[House]:
    """A house on it."""
    async with server.database("notifier_template") as name:
        told = urls(server, name)
        addresses = told["database_owner_url"], told["database_url"], told["database_system_url"]
        await migrations.upgrade(SERVICE.migrations, *addresses)
        async with a_house(server, name, tmp_path, mailbox.port) as house:
            await house.found()
            yield house


async def test_a_database_that_dies_within_data_doubles_nothing(
    server: Postgres, fragile: House, mailbox: Mailbox
) -> None:
    anne = await fragile.collaborator("Anne")
    people = [await fragile.collaborator(name) for name in ("Paul", "Claire", "Omar")]
    event = an_event(anne, *people)
    await fragile.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    mailbox.hang_seconds = 1.0
    async with fragile.sending(smtp_timeout=10, lease_seconds=0.6):
        await until(lambda: _is_sending(fragile))
        await server.control.kill()
        await mailbox.wait_for(2)
        mailbox.hang_seconds = 0
        await asyncio.sleep(1)
        await server.control.start()
        await fragile.settled(seconds=30)
    assert await fragile.statuses() == {"SENT": 3}
    assert len(mailbox.mails) == 3


async def _is_sending(house: House) -> bool:
    return (await house.statuses()).get("SENDING", 0) >= 2
