"""Waiting for rows."""

import asyncio
import time

from sqlalchemy import text

from chassis.wake import Wake
from tests.chassis.house import House


async def _waited(wake: Wake, stop: asyncio.Event, seconds: float) -> float:
    started = time.monotonic()
    await wake.wait(stop, seconds)
    return time.monotonic() - started


async def test_a_notification_ends_the_wait_and_the_clock_ends_it_without_one(house: House) -> None:
    stop = asyncio.Event()
    async with Wake(house.running.system, "outbox") as wake:
        await house.write("Zoé")
        assert await _waited(wake, stop, 5) < 2
        assert 0.2 < await _waited(wake, stop, 0.3) < 2


async def test_what_is_told_to_others_wakes_nobody_else(house: House) -> None:
    stop = asyncio.Event()
    async with Wake(house.running.system, "queue", "INTERNAL") as wake:
        for payload, wakes in (("EXTERNAL", False), ("INTERNAL", True), ("", True)):
            async with house.running.system.begin() as connection:
                await connection.execute(text("SELECT pg_notify('queue', :payload)"), {"payload": payload})
            await wake.wait(stop, 20 if wakes else 0.3)
            assert wake.woken is wakes


async def test_being_told_to_stop_ends_the_wait(house: House) -> None:
    stop = asyncio.Event()
    async with Wake(house.running.system, "outbox") as wake:
        asyncio.get_running_loop().call_later(0.1, stop.set)
        assert await _waited(wake, stop, 5) < 2


async def test_a_lost_connection_ends_the_wait_and_is_opened_again(house: House) -> None:
    stop = asyncio.Event()
    async with Wake(house.running.system, "outbox") as wake:
        waiting = asyncio.create_task(_waited(wake, stop, 30))
        await asyncio.sleep(0)
        await _end_the_listener(house)
        assert await waiting < 10
        await wake.wait(stop, 0.1)
        await house.write("Zoé")
        assert await _waited(wake, stop, 5) < 2


async def _end_the_listener(house: House) -> None:
    ending = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
        "AND datname = current_database()"
    )
    async with house.running.system.connect() as connection:
        ended = (await connection.execute(text(ending))).all()
    assert len(ended) == 1


async def test_it_polls_while_the_database_is_away(house: House) -> None:
    stop = asyncio.Event()
    await house.postgres.control.kill()
    try:
        async with Wake(house.running.system, "outbox") as wake:
            assert await _waited(wake, stop, 0.2) < 2
    finally:
        await house.postgres.control.start()
