"""Servers that any test may ask for: one of each kind per test process, started when first asked for."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.support.nats import Nats, run_nats
from tests.support.postgres import Postgres, run_postgres
from tests.support.smtp import Mailbox, run_mailbox

# Laws are not timed: a loaded machine would fail them by chance.
settings.register_profile("liant", deadline=None)
settings.load_profile("liant")


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """PostgreSQL; a test that stops it starts it again."""
    async with run_postgres() as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nats]:
    """NATS with JetStream; a test that stops it starts it again."""
    async with run_nats(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def session_mailbox() -> AsyncIterator[Mailbox]:
    """The one mailbox behind `mailbox`."""
    async with run_mailbox() as box:
        yield box


@pytest.fixture
def mailbox(session_mailbox: Mailbox) -> Mailbox:
    """An SMTP sink, empty at the start of each test."""
    session_mailbox.clear()
    return session_mailbox
