"""kill -9 between any two steps: each mail comes, and comes once but for those within DATA at that moment."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from chassis.bus import Bus
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.house import House, an_event
from tests.notifier.workers import Works, fresh_streams, kill
from tests.support.control import until
from tests.support.nats import run_nats
from tests.support.smtp import Mailbox


@pytest_asyncio.fixture
async def works(house: House, tmp_path: Path) -> AsyncIterator[Works]:
    """A broker with empty streams; nothing is in the house yet."""
    async with run_nats(tmp_path / "nats") as nats:
        settings = house.settings.model_copy(update={"nats_url": nats.url})
        bus = await Bus.connect(settings, "test")
        await fresh_streams(bus, house)
        found = Works(house, bus, nats.url)
        await found.forget()
        try:
            yield found
        finally:
            await bus.close()


async def people(works: Works, *names: str) -> list[str]:
    """Organization and collaborators, by message; their ids."""
    organization = format_id("organization", works.house.organization)
    told = contacts.Organization(id=organization, name="Cabinet Morel", locale="fr", time_zone="Europe/Paris")
    await works.publish(contacts.OrganizationChanged(organization=told), "organization", organization)
    ids = []
    for name in names:
        id = format_id("collaborator", new_id())
        one = contacts.Collaborator(
            id=id,
            name=name,
            email=f"{name.lower()}@cabinet.example",
            locale="fr",
            time_zone="Europe/Paris",
            role=contacts.Collaborator.Role.COLLABORATOR,
        )
        await works.publish(contacts.CollaboratorChanged(collaborator=one), "collaborator", id)
        ids.append(id)
    return ids


async def an_event_is_created(works: Works, author: str, *concerned: str) -> None:
    event = an_event(new_id(), title=f"Note {new_id().hex}")
    event.author_id, event.concerned_ids[:] = author, concerned
    await works.publish(deals.EventCreated(event=event), "event", event.id)


async def test_messages_that_overtake_their_copies_are_mailed_all_the_same(works: Works, mailbox: Mailbox) -> None:
    async with works.working():
        author, paul = format_id("collaborator", new_id()), format_id("collaborator", new_id())
        await an_event_is_created(works, author, paul)
        await asyncio.sleep(1.5)
        assert mailbox.mails == []
        await people(works)
        for id, name in ((author, "Anne"), (paul, "Paul")):
            one = contacts.Collaborator(
                id=id, name=name, email=f"{name.lower()}@cabinet.example", role=contacts.Collaborator.Role.COLLABORATOR
            )
            await works.publish(contacts.CollaboratorChanged(collaborator=one), "collaborator", id)
        await mailbox.wait_for(1, seconds=60)
    assert [mail.recipients for mail in mailbox.mails] == [("paul@cabinet.example",)]


async def test_a_worker_killed_before_the_relay_took_the_mail_loses_and_doubles_nothing(
    works: Works, mailbox: Mailbox
) -> None:
    author, paul = await people(works, "Anne", "Paul")
    mailbox.hang_seconds = 60
    async with works.working() as first:
        await an_event_is_created(works, author, paul)
        await until(lambda: _status(works, "SENDING"))
        await asyncio.sleep(0.3)
        await kill(first)
    mailbox.hang_seconds = 0
    async with works.working():
        await works.house.settled(seconds=60)
    assert len(mailbox.mails) == 1
    attempts = await works.house.rows("SELECT verdict, answer FROM attempt ORDER BY started_at")
    assert [row.verdict for row in attempts] == ["UNKNOWN", "ACCEPTED"]
    assert attempts[0].answer == "the worker went away"


async def _status(works: Works, status: str) -> bool:
    return status in await works.house.statuses()


async def test_workers_killed_at_random_lose_nothing(works: Works, mailbox: Mailbox) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    author, *concerned = await people(works, "Anne", "Paul", "Claire", "Omar")
    kills, events = 4, 40
    for _ in range(kills):
        async with works.working() as worker:
            for _ in range(events // kills):
                await an_event_is_created(works, author, *concerned)
                await asyncio.sleep(0.02)
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await kill(worker)
    async with works.working():
        expected = events * len(concerned)
        await until(lambda: _sent(works, expected), seconds=60, what=f"{expected} deliveries are sent")
    ids = Counter(str(mail.message["Message-ID"]) for mail in mailbox.mails)
    doubled = sum(count - 1 for count in ids.values())
    print("mails", len(mailbox.mails), "doubled", doubled)
    assert len(ids) == expected
    assert doubled <= kills * works.house.settings.smtp_connections


async def _sent(works: Works, count: int) -> bool:
    return await works.house.statuses() == {"SENT": count}


async def test_rebuild_brings_the_copies_back_and_tells_nobody_again(works: Works, mailbox: Mailbox) -> None:
    author, paul = await people(works, "Anne", "Paul")
    async with works.working():
        await an_event_is_created(works, author, paul)
        await mailbox.wait_for(1, seconds=60)
        await works.house.settled()
    query = "SELECT to_jsonb(c)::text AS line FROM collaborator c ORDER BY 1"
    before = await works.house.rows(query)
    async with works.house.owner.begin() as connection:
        await connection.exec_driver_sql("TRUNCATE collaborator, organization")
    process = await works.start("rebuild")
    assert await process.wait() == 0
    assert await works.house.rows(query) == before
    assert len(await works.house.rows("SELECT 1 FROM organization")) == 1
    assert len(mailbox.mails) == 1
