"""A campaign to contacts, its workers killed while pages are written and mails are under way: `just fault`."""

import asyncio
import os
from collections import Counter
from pathlib import Path

import pytest

from chassis.auth import Actor
from chassis.identifiers import new_id
from services.notifier.publications.model import EVERYTHING, Unsubscription
from tests.fault.test_faults import SEED, WHOLE
from tests.fault.world import CONNECTIONS, World, a_world
from tests.notifier.asking import asking
from tests.notifier.publications.words import a_campaign, a_group, publish
from tests.notifier.workers import kill
from tests.support.control import until

CONTACTS = int(os.environ.get("FAULT_CONTACTS", "600"))
KILLS = 12


@pytest.mark.skipif(not WHOLE, reason="just fault")
async def test_a_campaign_whose_workers_are_killed(tmp_path: Path) -> None:
    """Each contact gets it once, whoever unsubscribed never, whoever refuses is on record."""
    print("seed", SEED)
    async with a_world(tmp_path, SEED) as world, asking(world.house, tmp_path) as ask:
        anne = await world.house.collaborator("Anne")
        people = [
            await world.house.contact(given_name=f"C{each}", email=f"c{each}@client.example")
            for each in range(CONTACTS)
        ]
        for each in range(0, CONTACTS, 10):
            await unsubscribed(world, f"c{each}@client.example")
            world.relay.refused[f"c{each + 1}@client.example"] = "550 5.1.1 no such user"
        world.relay.share, world.relay.hang = 0.05, 1.0
        campaign = await a_campaign(ask, anne, await a_group(world.house, *people))
        await publish(ask, anne, campaign["id"])
        for _ in range(KILLS):
            await killed(world)
        await finished(world)


async def unsubscribed(world: World, email: str) -> None:
    """Somebody wants no campaign any more."""
    now = world.house.database.clock()
    async with world.house.database.unit_of_work(Actor.system(world.house.organization)) as work:
        work.session.add(
            Unsubscription(id=new_id(), organization_id=work.organization, email=email, category=EVERYTHING, at=now)
        )


async def killed(world: World) -> None:
    """Two workers, for a moment."""
    workers = [await world.worker() for _ in range(2)]
    await asyncio.sleep(world.chance.uniform(2.5, 5))
    for worker in workers:
        await kill(worker)
        world.count("worker killed at random")
        world.crashes += 1


async def finished(world: World) -> None:
    """What is left goes, and what went is what should have."""

    async def all_are_told() -> bool:
        return sum((await world.house.statuses()).values()) == CONTACTS

    world.relay.share = 0
    worker = await world.worker()
    try:
        await until(all_are_told, seconds=120, what="every contact's delivery is there")
        await world.house.settled(180)
    finally:
        await kill(worker)
    got = Counter(mail.recipients[0] for mail in world.relay.mails)
    statuses = await world.house.statuses()
    duplicated = sum(got.values()) - len(got)
    print(
        {"statuses": statuses, "mails": sum(got.values()), "duplicated": duplicated, **world.faults, **world.relay.done}
    )
    wanted = {f"c{each}@client.example" for each in range(CONTACTS) if each % 10 > 1}
    assert set(got) == wanted
    assert duplicated <= world.crashes * CONNECTIONS
    rows = await world.house.rows("SELECT status, detail FROM delivery")
    assert len(rows) == CONTACTS
    assert all(row.detail for row in rows if row.status != "SENT")
