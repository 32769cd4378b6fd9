"""Messages out: none lost, none twice, each aggregate's in order."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from chassis.bus import Bus
from chassis.identifiers import format_id
from chassis.outbox import (
    BATCH,
    MAX_ATTEMPTS,
    MAX_MESSAGE_BYTES,
    RETENTION_DAYS,
    BrokerUnavailable,
    MessageTooLarge,
    PublishRefused,
)
from tests.chassis.house import House, outgoing
from tests.chassis.tiny.model import Note, outbox
from tests.support.control import until


class Recorder:
    """A publisher that keeps what it is given, and refuses what it is told to."""

    def __init__(self, bus: Bus | None = None) -> None:
        self.published: list[tuple[str, int]] = []
        self.faults: dict[str, Exception] = {}
        self.bus = bus

    async def publish(self, subject: str, payload: bytes, headers: Mapping[str, str]) -> None:
        aggregate, version = headers["liant-aggregate"], int(headers["liant-aggregate-version"])
        await asyncio.sleep(0)
        if fault := self.faults.get(aggregate):
            raise fault
        if self.bus:
            await self.bus.publish(subject, payload, headers)
        self.published.append((aggregate, version))


async def _drained(house: House, publisher: Any = None) -> None:
    relay = house.relay(publisher)
    while await relay.drain():
        pass


def _by_aggregate(published: list[tuple[str, int]]) -> dict[str, list[int]]:
    told: dict[str, list[int]] = defaultdict(list)
    for aggregate, version in published:
        told[aggregate].append(version)
    return told


async def test_a_message_is_published_with_its_headers(house: House) -> None:
    contact = await house.write("Zoé")
    await _drained(house)
    [message] = await house.on_the_stream()
    assert message.subject == "liant.contacts.v1.contact.created"
    assert message.headers["Nats-Msg-Id"] == message.headers["ce-id"]
    assert message.headers["ce-type"] == "liant.contacts.v1.ContactCreated"
    assert message.headers["ce-source"] == "/liant/tiny"
    assert message.headers["liant-organization"] == format_id("organization", house.organization)
    assert message.headers["liant-aggregate"] == format_id("contact", contact)
    assert await house.waiting() == []


async def test_a_unit_of_work_that_fails_publishes_nothing(house: House) -> None:
    with pytest.raises(RuntimeError):
        async with house.running.database.unit_of_work(house.actor) as work:
            await work.emit(outgoing(house.organization, 1, "Zoé"))
            raise RuntimeError
    assert await house.waiting() == []


async def test_two_relays_keep_each_aggregates_order_and_publish_each_message_once(house: House) -> None:
    ids = await asyncio.gather(*(house.write(*"abcdefgh") for _ in range(12)))
    recorder = Recorder()
    await asyncio.gather(*(_drained(house, recorder) for _ in range(3)))
    told = _by_aggregate(recorder.published)
    assert told == {format_id("contact", id): list(range(1, 9)) for id in ids}


async def test_a_running_relay_is_woken_by_the_commit(house: House) -> None:
    recorder, stop = Recorder(), asyncio.Event()
    running = asyncio.create_task(house.relay(recorder, poll_seconds=3600).run(stop))
    await asyncio.sleep(0.3)
    await house.write("Zoé")

    async def published() -> bool:
        return bool(recorder.published)

    await until(published, seconds=20)
    stop.set()
    await asyncio.wait_for(running, 20)


async def test_a_relay_killed_between_publish_and_mark_loses_nothing_and_doubles_nothing(house: House) -> None:
    await house.write("Zoé", "Zoë")

    class Killed(BaseException):
        """What a SIGKILL leaves behind: published, not marked."""

    relay = house.relay()

    async def die(*_: Any) -> None:
        raise Killed

    relay._mark = die  # type: ignore[assignment,method-assign]  # the one place where a kill can be put
    with pytest.raises(Killed):
        await relay.drain()
    assert len(await house.waiting()) == 2
    assert len(await house.on_the_stream()) == 2
    await _drained(house)
    assert await house.waiting() == []
    assert [message.headers["liant-aggregate-version"] for message in await house.on_the_stream()] == ["1", "2"]


async def test_messages_wait_while_the_broker_is_away(house: House) -> None:
    await house.nats.control.kill()
    await house.write("Zoé", "Zoë")
    stop = asyncio.Event()
    running = asyncio.create_task(house.relay().run(stop))
    await asyncio.sleep(1.5)
    waiting = await house.waiting()
    assert [row.attempts for row in waiting] == [0, 0], "an outage is no refusal"
    await house.nats.control.start()

    async def none_waits() -> bool:
        return not await house.waiting()

    await until(none_waits, seconds=20)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert len(await house.on_the_stream()) == 2


@pytest.mark.parametrize("fault", [PublishRefused("too odd"), ValueError("unforeseen")])
async def test_a_refused_message_holds_back_its_own_aggregate_only_until_it_is_dead(
    house: House, fault: Exception
) -> None:
    bad, good = await house.write("a", "b"), await house.write("a", "b", "c")
    recorder = Recorder()
    recorder.faults[format_id("contact", bad)] = fault
    await house.relay(recorder).drain()
    assert _by_aggregate(recorder.published) == {format_id("contact", good): [1, 2, 3]}
    assert [(row.attempts, fault.args[0] in row.last_error) for row in (await house.waiting())[:1]] == [(1, True)]
    for _ in range(MAX_ATTEMPTS - 1):
        await house.relay(recorder).drain()
    recorder.faults.clear()
    await _drained(house, recorder)
    assert _by_aggregate(recorder.published)[format_id("contact", bad)] == [2], "the dead one frees its aggregate"


async def test_an_outage_in_the_middle_marks_what_was_published(house: House) -> None:
    bad, good = await house.write("a"), await house.write("a")
    recorder = Recorder()
    recorder.faults[format_id("contact", bad)] = BrokerUnavailable("away")
    with pytest.raises(BrokerUnavailable):
        for _ in range(3):
            await house.relay(recorder).drain()
    recorder.faults.clear()
    await _drained(house, recorder)
    assert sorted(recorder.published) == sorted((format_id("contact", id), 1) for id in (bad, good))


async def test_more_than_a_batch_is_published(house: House) -> None:
    async with house.running.database.unit_of_work(house.actor) as work:
        await work.emit(*(outgoing(house.organization, n + 1, "x") for n in range(BATCH + 50)))
    recorder = Recorder()
    await _drained(house, recorder)
    assert [version for _, version in recorder.published] == list(range(1, BATCH + 51))


async def test_a_message_over_the_brokers_limit_is_refused_at_the_write(house: House) -> None:
    with pytest.raises(MessageTooLarge):
        async with house.running.database.unit_of_work(house.actor) as work:
            work.session.add(Note(id=house.organization, organization_id=work.organization, text="t"))
            await work.emit(outgoing(house.organization, 1, "x" * MAX_MESSAGE_BYTES))
    assert await house.all(Note) == []


async def test_published_rows_are_kept_for_a_while_and_pruned(house: House) -> None:
    await house.write("old")
    await house.write("new")
    await _drained(house)
    old = func.now() - timedelta(days=RETENTION_DAYS, hours=1)
    async with house.running.system.begin() as connection:
        first = select(func.min(outbox.c.position)).scalar_subquery()
        await connection.execute(update(outbox).where(outbox.c.position == first).values(published_at=old))
    await house.relay().prune()
    async with house.running.system.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(outbox)) == 1
