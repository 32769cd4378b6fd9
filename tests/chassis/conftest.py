"""Each test has a tiny service with a database and a broker of its own: most of them break one or the other."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chassis.house import House, a_house
from tests.chassis.tiny.service import Faults
from tests.support.nats import Nats, run_nats
from tests.support.postgres import Postgres


@pytest_asyncio.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Nats]:
    """A NATS of this test alone."""
    async with run_nats(tmp_path / "nats") as server:
        yield server


@pytest_asyncio.fixture
async def house(postgres: Postgres, broker: Nats, tmp_path: Path) -> AsyncIterator[House]:
    """The tiny service."""
    async with a_house(postgres, broker, tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults() -> Iterator[None]:
    """Handlers behave at the start of each test."""
    yield
    Faults.later.clear()
    Faults.poison.clear()
