"""Signals as a terminal, `uv run` and a person send them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from liant import stopping
from liant.stopping import Stopped, StopSignals


@pytest_asyncio.fixture
async def signals() -> AsyncIterator[StopSignals]:
    yield StopSignals()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().remove_signal_handler(number)


def send() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


async def test_work_that_ends_first_gives_its_result(signals: StopSignals) -> None:
    async def work() -> int:
        return 7

    assert await signals.unless_asked(work()) == 7


async def test_a_signal_cancels_the_work_and_waits_for_it_to_tidy_up(signals: StopSignals) -> None:
    tidied = False

    async def work() -> None:
        nonlocal tidied
        try:
            send()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            tidied = True

    with pytest.raises(Stopped):
        await signals.unless_asked(work())
    assert tidied


async def test_the_same_signal_passed_on_twice_is_no_insistence(signals: StopSignals) -> None:
    async def work() -> str:
        send()
        send()
        await asyncio.sleep(0.1)
        return "stopped in peace"

    assert await signals.unless_insisted(work()) == "stopped in peace"


async def test_a_second_signal_later_insists(signals: StopSignals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "ONE_AND_THE_SAME_SECONDS", 0.05)

    async def work() -> None:
        send()
        await asyncio.sleep(0.2)
        send()
        await asyncio.sleep(60)

    with pytest.raises(Stopped):
        await signals.unless_insisted(work())


async def test_an_error_of_the_work_is_its_own(signals: StopSignals) -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await signals.unless_asked(work())
