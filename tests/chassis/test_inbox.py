"""Messages in: each handled once, in its aggregate's order, or kept where somebody can see it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete

from chassis import inbox as inbox_module
from chassis.bus import Delivered, Subscription
from chassis.bus import connection as bus_module
from chassis.dead_letters import publish_again
from chassis.identifiers import format_id, new_id
from chassis.inbox import BATCH, MAX_FAILURES
from chassis.messages import headers_of
from chassis.topology import Topology
from tests.chassis.house import STREAM, House, outgoing
from tests.chassis.tiny.model import Name, Seen, outbox
from tests.chassis.tiny.service import SERVICE, Faults
from tests.support.control import until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outages are waited out in tenths of a second."""
    monkeypatch.setattr(inbox_module, "OUTAGE_SECONDS", 0.3)


@asynccontextmanager
async def consuming(house: House) -> AsyncIterator[None]:
    """A consumer at work within the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(house.inbox().run(STREAM, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 15)


async def _publish(house: House, *names: str, start: int = 1, contact: Any = None) -> str:
    id = await house.write(*names, start=start, contact=contact)
    while await house.relay().drain():
        pass
    return format_id("contact", id)


async def _subscription(house: House) -> Subscription:
    return await house.running.bus.subscribe(STREAM, "tiny")


async def _settled(house: House) -> None:
    async def nothing_pending() -> bool:
        told = await house.running.bus._stream.consumer_info(STREAM, "tiny")
        return not told.num_pending and not told.num_ack_pending

    await until(nothing_pending, seconds=20, what="every message is acknowledged")


async def _dead(house: House) -> list[Any]:
    return await house.on_the_stream("liant.dead.>", "LIANT_DEAD")


async def test_what_is_published_is_handled_and_acknowledged(house: House) -> None:
    contact = await _publish(house, "Zoé", "Zoë", "Zoe")
    async with consuming(house):
        await _settled(house)
    assert [row.contact for row in await house.all(Seen)] == [contact]
    assert [(row.name, row.version) for row in await house.all(Name)] == [("Zoe", 3)]


async def test_how_many_messages_wait_is_told(house: House) -> None:
    def lag() -> float | None:
        return REGISTRY.get_sample_value("liant_inbox_pending_messages", {"service": "tiny", "stream": STREAM})

    await _publish(house, *(f"Name {number}" for number in range(BATCH + 7)))
    inbox, subscription, waiting = house.inbox(), await _subscription(house), BATCH + 7
    while waiting:
        waiting -= await inbox.turn(subscription)
        assert lag() == waiting


async def test_a_lone_message_is_given_at_once_and_those_that_are_there_together(house: House) -> None:
    subscription = await _subscription(house)
    await _publish(house, "Zoé")
    async with asyncio.timeout(30):
        assert len(await subscription.fetch(BATCH, 3600)) == 1, "it waited for others"
        await _publish(house, *"abcdefgh")
        assert len(await subscription.fetch(8, 3600)) == 8


async def test_a_message_delivered_twice_is_handled_once(house: House) -> None:
    """As after an outage longer than the broker's window for duplicates: the same message, stored again."""
    await _publish(house, "Zoé")
    [first] = await house.on_the_stream()
    await house.running.bus.publish(first.subject, first.payload, {**first.headers, "Nats-Msg-Id": "another"})
    async with consuming(house):
        await _settled(house)
    assert len(await house.on_the_stream()) == 2
    assert len(await house.all(Seen)) == 1


async def test_a_consumer_killed_between_commit_and_acknowledgement_handles_nothing_twice(house: House) -> None:
    await _publish(house, "Zoé")
    inbox, subscription = house.inbox(), await _subscription(house)
    [message] = await subscription.fetch(1, 2)

    class Killed(BaseException):
        """What a SIGKILL leaves behind: committed, not acknowledged."""

    async def die(*, wait: bool = True) -> None:
        raise Killed

    message.done = die  # type: ignore[method-assign]  # the one place where a kill can be put
    with pytest.raises(Killed):
        await inbox.take(message, STREAM)
    assert len(await house.all(Seen)) == 1
    await message.again(0.1)
    async with consuming(house):
        await _settled(house)
    assert len(await house.all(Seen)) == 1


async def test_a_worker_killed_by_the_system_and_started_again_handles_everything_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended with SIGKILL while it consumes, three times over."""
    monkeypatch.setattr(bus_module, "ACK_WAIT_SECONDS", 3)
    await house.running.bus.apply(Topology.load(house.running.settings.nats_streams_file))
    contacts = [await house.write("a") for _ in range(150)]
    environment = {**os.environ, **house.environment}
    for _ in range(3):
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chassis.tiny", "worker",
            env=environment, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        seen = len(await house.all(Seen))

        async def more(seen: int = seen) -> bool:
            return len(await house.all(Seen)) > seen or seen == len(contacts)

        await until(more, seconds=45, what="the worker handles something")
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
        await house.write("b")
    while await house.relay().drain():
        pass
    async with consuming(house):
        # What the killed workers had taken comes back after the acknowledgement wait.
        async def all_seen() -> bool:
            return len(await house.all(Seen)) == len(contacts) + 3

        await until(all_seen, seconds=60, what="every message is handled")
    assert len({row.contact for row in await house.all(Seen)}) == len(contacts) + 3


async def test_a_poison_message_goes_to_the_dead_letters_and_its_aggregate_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "MAX_FAILURES", 3)
    Faults.poison.add("poison")
    contact = await _publish(house, "poison", "after")
    other = await _publish(house, "fine")
    async with consuming(house):
        await _settled(house)
    assert [row.contact for row in await house.all(Seen)] == [other]
    assert [row.name for row in await house.all(Name)] == ["after"]
    [dead] = await _dead(house)
    assert dead.subject == "liant.dead.tiny.liant.contacts.v1.contact.created"
    assert dead.headers["liant-error"] == "ValueError: poison"
    assert dead.headers["liant-aggregate"] == contact
    assert dead.payload == (await house.on_the_stream())[0].payload


async def test_given_up_on_twice_it_is_two_dead_letters_and_sent_again_it_is_handled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "MAX_FAILURES", 1)
    Faults.poison.add("poison")
    contact = await _publish(house, "poison")
    async with consuming(house):
        await _settled(house)
        [first] = await _dead(house)
        await _send_again(house, first)
        await _settled(house)
        assert len(await _dead(house)) == 2, "the stream drops no second death"
        Faults.poison.clear()
        await _send_again(house, first)
        await _settled(house)
    assert [row.contact for row in await house.all(Seen)] == [contact]


async def _send_again(house: House, dead: Delivered) -> None:
    async with house.running.database.unit_of_work(house.actor) as work:
        await publish_again(work, outbox, UUID(dead.headers["ce-id"]))
    assert await house.relay().drain() == 1


async def test_what_waits_for_another_message_keeps_its_aggregates_order(house: House) -> None:
    Faults.later.add("early")
    contact = await _publish(house, "early", "second")
    async with consuming(house):
        await asyncio.sleep(1)
        assert await house.all(Name) == [], "the second must not overtake the first"
        Faults.later.clear()
        await _settled(house)
    assert [row.contact for row in await house.all(Seen)] == [contact]
    assert [row.name for row in await house.all(Name)] == ["second"]
    assert await _dead(house) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ce-type": "liant.contacts.v2.ContactCreated"}, "unknown type"),
        ({"liant-organization": "rubbish"}, "unreadable"),
        ({"liant-aggregate-version": "many"}, "unreadable"),
        ({"ce-id": ""}, "unreadable"),
    ],
)
async def test_what_cannot_be_read_goes_to_the_dead_letters_at_once(
    house: House, change: dict[str, str], error: str
) -> None:
    message = outgoing(new_id(), 1, "Zoé")
    clock = house.running.database.clock()
    headers = headers_of(message, id=new_id(), source="t", time=clock, organization=house.organization)
    await house.running.bus.publish(message.subject, message.body.SerializeToString(), {**headers, **change})
    later = await _publish(house, "fine")
    async with consuming(house):
        await _settled(house)
    [dead] = await _dead(house)
    assert error in dead.headers["liant-error"]
    assert [row.contact for row in await house.all(Seen)] == [later]


async def test_a_body_of_another_shape_goes_to_the_dead_letters(house: House) -> None:
    message, clock = outgoing(new_id(), 1, "Zoé"), house.running.database.clock()
    headers = headers_of(message, id=new_id(), source="t", time=clock, organization=house.organization)
    await house.running.bus.publish(message.subject, b"\xff\xff\xff", headers)
    async with consuming(house):
        await _settled(house)
    assert "DecodeError" in (await _dead(house))[0].headers["liant-error"]


async def test_messages_wait_while_the_database_is_down(house: House) -> None:
    await _publish(house, *"abc")
    await house.postgres.control.kill()
    async with consuming(house):
        await asyncio.sleep(2)
        await house.postgres.control.start()
        await _settled(house)
    assert len(await house.all(Seen)) == 1
    assert [row.name for row in await house.all(Name)] == ["c"]
    assert await _dead(house) == []


async def test_a_consumer_outlives_its_broker(house: House) -> None:
    async with consuming(house):
        await house.nats.control.kill()
        await asyncio.sleep(1)
        await house.nats.control.start()

        async def back() -> bool:
            return house.running.bus.connected

        await until(back)
        await _publish(house, "Zoé")
        await _settled(house)
    assert len(await house.all(Seen)) == 1


async def test_copies_are_rebuilt_from_the_stream_and_reactions_are_not_repeated(house: House) -> None:
    contact = await _publish(house, *"abc")
    async with consuming(house):
        await _settled(house)
    async with house.running.database.unit_of_work(house.actor) as work:
        await work.session.execute(delete(Name))
    taken = await house.inbox().rebuild(STREAM, ["liant.contacts.v1.>"], SERVICE.copies)
    again = await house.inbox().rebuild(STREAM, ["liant.contacts.v1.>"], SERVICE.copies)
    assert (taken, again) == (2, 2)
    assert [(row.contact, row.name) for row in await house.all(Name)] == [(contact, "c")]
    assert len(await house.all(Seen)) == 1


async def test_an_older_message_that_comes_late_changes_no_copy(house: House) -> None:
    id = new_id()
    await _publish(house, "new", contact=id, start=5)
    await _publish(house, "old", contact=id, start=4)
    async with consuming(house):
        await _settled(house)
    assert [(row.name, row.version) for row in await house.all(Name)] == [("new", 5)]


def test_failures_are_tried_often_enough_to_outlive_a_deployment() -> None:
    assert sum(min(60.0, 0.5 * 2**n) for n in range(1, MAX_FAILURES)) > 60
