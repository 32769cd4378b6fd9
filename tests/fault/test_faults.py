"""The quick part runs with the suite; the whole by `just fault`. FAULT_SEED repeats a run; each prints its own."""

import asyncio
import os
import random
from dataclasses import asdict
from pathlib import Path

import pytest

from chassis.identifiers import new_id
from chassis.messages import Outgoing, headers_of
from proto.deals.v1 import messages_pb2 as deals
from tests.fault import checker
from tests.fault.worker import POINTS
from tests.fault.world import World, a_world
from tests.notifier.workers import kill

WHOLE = os.environ.get("FAULT") == "whole"
SEED = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))


async def test_quick(tmp_path: Path) -> None:
    """A point, a broker and a database killed, a relay that misbehaves and goes away; poison and repeated messages."""
    print("seed", SEED)
    async with a_world(tmp_path, SEED, window=0.2) as world:
        await world.inhabit("Paul")
        await world.crash_at(world.chance.choice(POINTS), events=4)
        world.relay.share, world.relay.hang = 0.3, 1.5
        worker = await world.worker()
        try:
            await poison(world)
            await world.events(4)
            await outage(world, seconds=0.3)
            await world.events(2)
            await world.relay.stop()
            await world.events(2)
            await asyncio.sleep(0.5)
            await world.relay.start()
            await world.settled()
        finally:
            await kill(worker)
        await prove(world)


@pytest.mark.skipif(not WHOLE, reason="just fault")
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_named_point(point: str, tmp_path: Path) -> None:
    """Three times, at three passes."""
    print("seed", SEED)
    async with a_world(tmp_path, SEED) as world:
        await world.inhabit("Paul", "Claire")
        for _ in range(3):
            await world.crash_at(point, events=4)
        worker = await world.worker()
        try:
            await world.settled()
        finally:
            await kill(worker)
        await prove(world)


@pytest.mark.skipif(not WHOLE, reason="just fault")
async def test_everything_at_random(tmp_path: Path) -> None:
    """Workers, broker and database killed at random under a relay that misbehaves; FAULT_ROUNDS of it."""
    print("seed", SEED)
    async with a_world(tmp_path, SEED, window=1) as world:
        await world.inhabit("Paul", "Claire")
        world.relay.share, world.relay.hang = 0.2, 1.5
        for _ in range(int(os.environ.get("FAULT_ROUNDS", "25"))):
            workers = [await world.worker() for _ in range(2)]
            await poison(world)
            await world.events(8)
            await asyncio.sleep(world.chance.uniform(0.5, 3))
            if world.chance.random() < 0.4:
                await outage(world, seconds=world.chance.uniform(0.2, 3))
            for worker in workers:
                await kill(worker)
                world.count("worker killed at random")
                world.crashes += 1
        world.relay.share = 0
        worker = await world.worker()
        try:
            await world.settled(120)
        finally:
            await kill(worker)
        await prove(world)


@pytest.mark.skipif(not WHOLE, reason="just fault")
async def test_a_relay_away_for_ten_minutes(tmp_path: Path) -> None:
    """FAULT_DOWN seconds; no delivery loses a try by it."""
    print("seed", SEED)
    async with a_world(tmp_path, SEED) as world:
        await world.inhabit("Paul", "Claire")
        worker = await world.worker()
        try:
            await world.relay.stop()
            await world.events(20)
            await asyncio.sleep(float(os.environ.get("FAULT_DOWN", "600")))
            world.count("relay away for ten minutes")
            await world.relay.start()
            await world.settled()
        finally:
            await kill(worker)
        assert {
            row.attempts for row in await world.house.rows("SELECT attempts FROM delivery WHERE status = 'SENT'")
        } == {1}
        await prove(world)


async def outage(world: World, seconds: float) -> None:
    """The broker away for longer than it knows a message's id, and the database killed."""
    await world.nats.control.kill()
    await world.postgres.control.kill()
    await asyncio.sleep(seconds)
    await world.postgres.control.start()
    await world.nats.control.start()
    world.count("broker killed")
    world.count("database killed")
    world.crashes += 1  # the relay's answers that were under way when the database went


async def poison(world: World) -> None:
    """A body that is none, and a type that nobody knows."""
    outgoing = Outgoing("event", new_id(), 1, deals.EventCreated())
    for type in (outgoing.type, "liant.deals.v1.EventDreamt"):
        now, whose = world.house.database.clock(), world.house.organization
        headers = headers_of(outgoing, id=new_id(), source="test", time=now, organization=whose)
        await world.surely(outgoing.subject, b"\xff\xff", {**headers, "ce-type": type})
        world.count("message that cannot be read")


async def prove(world: World) -> None:
    """The checker's figures; in the whole run, a line for docs/reliability.md."""
    figures = await checker.check(world)
    print(asdict(figures))
    assert figures.broken == []
