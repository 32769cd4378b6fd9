"""The deals service, once per test process; each test sets up organizations of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.deals.house import House, Office, a_house
from tests.support.nats import Nats
from tests.support.postgres import Postgres


@pytest_asyncio.fixture(scope="session")
async def house(postgres: Postgres, nats: Nats, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The running service."""
    async with a_house(postgres, nats, tmp_path_factory.mktemp("deals")) as running:
        yield running


@pytest_asyncio.fixture
async def office(house: House) -> Office:
    """A fresh organization."""
    return await house.organization()
