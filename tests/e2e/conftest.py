"""One whole system for all the tests of this folder."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.e2e.firm import Firm
from tests.e2e.system import System, running


@pytest_asyncio.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    # Not in pytest's temporary folder: see tests.support.postgres.
    with tempfile.TemporaryDirectory(prefix="liant-e2e-") as folder:
        async with running(Path(folder)) as started:
            yield started


@pytest_asyncio.fixture(scope="module")
async def firm(system: System) -> Firm:
    """The development organization, with a deal that Karim owns and James follows."""
    return await Firm.of(system)
