"""A worker is killed in the middle of an import: another one goes on, and nothing is done twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from chassis.service import Running
from tests.contacts.importing.jobs import Desk
from tests.contacts.importing.test_import import messages

ROWS = 3000
TEXT = "Nom;Prénom;E-mail\n" + "".join(f"Durand{n};Paul;p{n}@d.example\n" for n in range(ROWS))


@asynccontextmanager
async def a_worker(running: Running) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service's worker in a process of its own, killed at the end."""
    settings = running.settings
    environment = {
        **os.environ,
        "LIANT_CONTACTS_DATABASE_URL": str(settings.database_url),
        "LIANT_CONTACTS_DATABASE_SYSTEM_URL": str(settings.database_system_url),
        "LIANT_CONTACTS_NATS_URL": str(settings.nats_url),
        "LIANT_CONTACTS_GATEWAY_JWKS_FILE": str(settings.gateway_jwks_file),
        "LIANT_CONTACTS_IMPORT_LEASE_SECONDS": "2",
        "LIANT_CONTACTS_PORT": "0",
        "LIANT_HOST": "127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.contacts", "worker", env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def until(desk: Desk, id: str, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The import, once it is so far."""
    async with asyncio.timeout(60):
        while not enough(found := await desk.shown(id)):  # noqa: ASYNC110  # another process's work
            await asyncio.sleep(0.02)
        return found


async def test_a_killed_worker_s_import_is_gone_on_with(desk: Desk) -> None:
    running = desk.office.house.running
    id = await desk.ready(TEXT)
    await desk.act("runImport", id=id, key="NONE")
    async with a_worker(running):
        begun = await until(desk, id, lambda found: found["position"] > 0)
    assert begun["state"] == "RUNNING", "it was killed too late for this test to tell anything"
    async with a_worker(running):
        done = await until(desk, id, lambda found: found["state"] == "DONE")
    assert (done["position"], done["created"]) == (ROWS, ROWS)
    assert len(await messages(desk)) == ROWS
    query = '{ contacts(filter: {email: {contains: "@d.example"}}) { totalCount } }'
    assert (await desk.office.data(query))["contacts"]["totalCount"] == ROWS


async def test_a_live_worker_s_import_is_not_taken_from_it(desk: Desk) -> None:
    id = await desk.ready(TEXT)
    await desk.act("runImport", id=id, key="EMAIL")
    claims = await asyncio.gather(*(desk.worker.work_one(asyncio.Event()) for _ in range(4)))
    assert sorted(claims) == [False] * 3 + [True]
    done = await desk.shown(id)
    assert (done["state"], done["created"], done["position"]) == ("DONE", ROWS, ROWS)
