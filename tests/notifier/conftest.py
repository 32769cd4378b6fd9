"""A migrated template per session; a house with a fresh copy of it per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from chassis import migrations
from services.notifier.service import SERVICE
from tests.notifier.asking import Ask, asking
from tests.notifier.house import House, a_house, urls
from tests.support.postgres import Postgres
from tests.support.smtp import Mailbox


@pytest_asyncio.fixture(scope="session")
async def template(postgres: Postgres) -> AsyncIterator[str]:
    """A migrated database that nobody is connected to."""
    async with postgres.database("notifier_template") as name:
        told = urls(postgres, name)
        await migrations.upgrade(
            SERVICE.migrations, told["database_owner_url"], told["database_url"], told["database_system_url"]
        )
        yield name


@pytest_asyncio.fixture
async def house(postgres: Postgres, template: str, tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[House]:
    """A notifier with an organization, whose mails go to `mailbox`."""
    async with a_house(postgres, template, tmp_path, mailbox.port) as found:
        await found.found()
        yield found


@pytest_asyncio.fixture
async def ask(house: House, tmp_path: Path) -> AsyncIterator[Ask]:
    """Ask as a collaborator of an organization."""
    async with asking(house, tmp_path) as found:
        yield found
