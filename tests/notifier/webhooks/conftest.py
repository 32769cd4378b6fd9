"""A program that listens, started once; forgets between tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.notifier.asking import Ask, asking
from tests.notifier.house import House
from tests.support.http import Sink, run_sink


@pytest_asyncio.fixture(scope="session")
async def session_sink() -> AsyncIterator[Sink]:
    """The one sink behind `sink`."""
    async with run_sink() as sink:
        yield sink


@pytest.fixture
def sink(session_sink: Sink) -> Sink:
    """A program that has been told nothing yet."""
    session_sink.posted.clear()
    session_sink.answers.clear()
    return session_sink


@pytest_asyncio.fixture
async def ask_strictly(house: House, tmp_path: Path) -> AsyncIterator[Ask]:
    """Ask where endpoints must be public and use https, as they must be anywhere but in tests."""
    house.settings = house.settings.model_copy(update={"webhook_http": False, "webhook_networks": ()})
    async with asking(house, tmp_path) as ask:
        yield ask


@pytest_asyncio.fixture
async def ask_without_key(house: House, tmp_path: Path) -> AsyncIterator[Ask]:
    """Ask where the operators gave no key."""
    house.settings = house.settings.model_copy(update={"webhooks_key_file": None})
    async with asking(house, tmp_path) as ask:
        yield ask
