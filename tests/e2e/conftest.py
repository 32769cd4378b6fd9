"""One whole system for all the tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.firm import Firm
from tests.e2e.system import System, running


@pytest_asyncio.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with running(tmp_path_factory.mktemp("system")) as started:
        yield started


@pytest_asyncio.fixture(scope="module")
async def firm(system: System) -> Firm:
    """The development organization, with a deal that Karim owns and James follows."""
    return await Firm.of(system)
