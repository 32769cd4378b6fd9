"""Messages handled together: one bad one takes nobody with it, none is handled twice, the newest version stays."""

import asyncio
from typing import Any

import pytest

from chassis import inbox as inbox_module
from chassis.bus import Delivered
from chassis.identifiers import format_id, new_id
from chassis.together import Together
from tests.chassis.house import STREAM, House
from tests.chassis.test_inbox import _dead, _publish, _settled, _subscription, consuming
from tests.chassis.tiny.model import Name
from tests.chassis.tiny.service import Faults


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each call of the copies' handler was given."""
    from tests.chassis.tiny.service import copy

    told: list[int] = []

    async def copies(work: Any, messages: Any) -> None:
        told.append(len(messages))
        for message in messages:
            if message.body.contact.given_name in Faults.poison:
                raise ValueError("poison")
            await copy(work, message)

    handle = inbox_module.Inbox.__init__

    def begun(self: Any, *arguments: Any) -> None:
        handle(self, *arguments)
        self._handlers["liant.contacts.v1.ContactChanged"] = Together(copies)

    monkeypatch.setattr(inbox_module.Inbox, "__init__", begun)
    return told


async def _names(house: House) -> dict[str, tuple[str, int]]:
    return {row.contact: (row.name, row.version) for row in await house.all(Name)}


async def test_messages_are_handled_together_and_acknowledged(house: House, calls: list[int]) -> None:
    made = [await _publish(house, f"Name {number}", start=2) for number in range(7)]
    async with consuming(house):
        await _settled(house)
    assert await _names(house) == {id: (f"Name {number}", 2) for number, id in enumerate(made)}
    assert max(calls) > 1


async def test_a_poison_message_in_the_middle_takes_nobody_with_it(
    house: House, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "MAX_FAILURES", 2)
    Faults.poison.add("bad")
    try:
        before = [await _publish(house, "fine", start=2) for _ in range(2)]
        await _publish(house, "bad", start=2)
        after = [await _publish(house, "fine", start=2) for _ in range(2)]
        async with consuming(house):
            await _settled(house)
    finally:
        Faults.poison.clear()
    assert set(await _names(house)) == {*before, *after}
    assert [dead.headers["liant-error"] for dead in await _dead(house)] == ["ValueError: poison"]


async def test_killed_between_the_commit_and_the_acknowledgements_nothing_is_handled_twice(
    house: House, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await _publish(house, "fine", start=2) for _ in range(4)]
    inbox, subscription = house.inbox(), await _subscription(house)
    taken: list[Delivered] = []

    class Killed(BaseException):
        """What a SIGKILL leaves behind: committed, not acknowledged."""

    async def die(message: Delivered, *, wait: bool = True) -> None:
        taken.append(message)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Delivered, "done", die)
        with pytest.raises(Killed):
            await inbox.turn(subscription)
    assert set(await _names(house)) == set(made)
    handled = sum(calls)
    await asyncio.sleep(0)
    for message in await house.on_the_stream():
        told = inbox._read(message)
        assert await inbox.handle(told) is False
    assert sum(calls) == handled


async def test_the_same_message_twice_among_them_is_handled_once(house: House, calls: list[int]) -> None:
    await _publish(house, "fine", start=2)
    await _publish(house, "other", start=2)
    for message in await house.on_the_stream():
        await house.running.bus.publish(
            message.subject, message.payload, {**message.headers, "Nats-Msg-Id": str(new_id())}
        )
    async with consuming(house):
        await _settled(house)
    assert sum(calls) == 2


async def test_an_older_version_after_a_newer_one_among_them_changes_nothing(house: House, calls: list[int]) -> None:
    id = new_id()
    await _publish(house, "new", contact=id, start=5)
    await _publish(house, "old", contact=id, start=4)
    await _publish(house, "fine", start=2)
    async with consuming(house):
        await _settled(house)
    assert (await _names(house))[format_id("contact", id)] == ("new", 5)
    assert STREAM and max(calls) == 2
