"""Group commit: what cannot be marked holds up nobody, and what passes is waited out."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from chassis.identifiers import new_id
from services.notifier import ledger
from services.notifier.commands import marking
from services.notifier.commands.marking import Taken
from tests.notifier.house import House, an_event
from tests.notifier.test_sender import told
from tests.support.control import until
from tests.support.smtp import Mailbox


async def _an_event_for(house: House, *names: str) -> None:
    author = await house.collaborator("Anne")
    await told(house, an_event(author, *[await house.collaborator(name) for name in names]))


async def test_one_that_can_never_be_marked_holds_up_no_other(
    house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _an_event_for(house, "Paul", "Claire", "Omar")
    mark, refused = marking.sent, list[Any]()

    async def odd(connection: Any, batch: Sequence[Taken], now: Any) -> None:
        if not refused:
            refused.append(batch[0].ready.due.id)
        if refused[0] in {each.ready.due.id for each in batch}:
            raise ValueError("this row is odd")
        await mark(connection, batch, now)

    monkeypatch.setattr(marking, "sent", odd)
    async with house.sending():
        await mailbox.wait_for(3)

        async def two_are_marked() -> bool:
            return (await house.statuses()).get("SENT") == 2

        await until(two_are_marked, seconds=30)
        monkeypatch.setattr(marking, "sent", mark)
    assert await house.statuses() == {"SENT": 2, "SENDING": 1}, "it comes again once its lease is over"


async def test_a_deadlock_is_waited_out(house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    await _an_event_for(house, "Paul")
    monkeypatch.setattr(ledger, "RETRY_SECONDS", 0.01)
    mark, tries = marking.sent, []

    class Deadlock(Exception):
        sqlstate = "40P01"

    async def chosen(*arguments: Any) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise DBAPIError("UPDATE", None, Deadlock())
        await mark(*arguments)

    monkeypatch.setattr(marking, "sent", chosen)
    async with house.sending():
        await house.settled()
    assert len(tries) == 3
    assert len(mailbox.mails) == 1
    assert await house.statuses() == {"SENT": 1}


async def test_what_comes_while_a_commit_is_under_way_is_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, batches = asyncio.Event(), list[int]()

    async def slow(self: Any, batch: Sequence[Any]) -> None:
        batches.append(len(batch))
        await gate.wait()

    monkeypatch.setattr(ledger.Ledger, "_mark", slow)
    monkeypatch.setattr(ledger.Ledger, "_news", lambda *_: [])
    book = ledger.Ledger(None, None, "worker")  # type: ignore[arg-type]  # neither is asked here
    tasks = [asyncio.create_task(book.sent(new_id(), None))]  # type: ignore[arg-type]  # nobody looks
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(book.sent(new_id(), None)) for _ in range(4)]  # type: ignore[arg-type]  # nobody looks
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks)
    assert batches == [1, 4]
