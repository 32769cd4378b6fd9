"""Contacts and deals together, on a database server and a broker of their own: consumers are shared by name."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.contacts import house as contacts
from tests.deals import house as deals
from tests.saga.parts import ContactsWorker
from tests.support.nats import run_nats
from tests.support.postgres import run_postgres


@dataclass(frozen=True)
class Firm:
    """Both services; contacts' worker is started and stopped by the tests."""

    contacts: contacts.House
    deals: deals.House
    worker: ContactsWorker


@pytest_asyncio.fixture(scope="module")
async def firm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Firm]:
    """The two, running."""
    folder = tmp_path_factory.mktemp("saga")
    for name in ("contacts", "deals", "nats"):
        (folder / name).mkdir()
    async with (
        run_postgres() as postgres,
        run_nats(folder / "nats") as nats,
        contacts.a_house(postgres, nats, folder / "contacts") as address_book,
        deals.a_house(postgres, nats, folder / "deals") as office,
    ):
        worker = ContactsWorker(address_book.running)
        yield Firm(address_book, office, worker)
        await worker.kill()
