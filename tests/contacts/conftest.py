"""The contacts service, once per test process; each test sets up organizations of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import func

from services.contacts import model
from tests.contacts.house import House, Office, a_house
from tests.support.nats import Nats
from tests.support.postgres import Postgres


@pytest_asyncio.fixture(scope="session")
async def house(postgres: Postgres, nats: Nats, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The running service."""
    async with a_house(postgres, nats, tmp_path_factory.mktemp("contacts")) as running:
        yield running


@pytest_asyncio.fixture
async def office(house: House) -> Office:
    """A fresh organization."""
    return await house.organization()


@pytest_asyncio.fixture
async def nothing_waits(house: House) -> None:
    """An outbox without what earlier tests left there, which would be published first."""
    outbox = model.outbox
    async with house.running.system.begin() as connection:
        await connection.execute(outbox.update().where(outbox.c.published_at.is_(None)).values(published_at=func.now()))
