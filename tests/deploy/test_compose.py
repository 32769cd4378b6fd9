"""deploy/compose.yaml: each part starts with exactly the command and settings written there, on servers of ours."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from liant.commands.keys import keys
from liant.ports import reserve
from liant.process import Launch, end, spawn
from liant.system.keys import Keys
from tests.deploy.server import deployed_nats
from tests.support.control import until
from tests.support.postgres import Postgres, run_postgres

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = ("contacts", "deals", "notifier")
WEB = ("contacts-web", "deals-web", "notifier-web")
WORKERS = ("contacts-worker", "deals-worker", "notifier-worker")


class House:
    """The compose file, its addresses replaced by those of local servers."""

    def __init__(self, replaced: dict[str, str], keys_folder: Path) -> None:
        self._parts: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
        self.ports = {part: reserve() for part in (*WEB, *WORKERS, "gateway")}
        web = {f"{part}:8000": f"127.0.0.1:{self.ports[part]}" for part in WEB}
        self._replaced = {**replaced, **web, "/keys": str(keys_folder), "/app/": f"{DEPLOY.parent}/liant/"}

    def launch(self, part: str) -> Launch:
        """How compose starts a part."""
        told = self._parts[part]
        environment = {name: self._here(str(value)) for name, value in told["environment"].items()}
        image = {"LIANT_HOST": "127.0.0.1", "LIANT_PORT": str(self.ports.get(part, 0))}
        command = [sys.executable if word == "python" else word for word in told["command"]]
        return Launch(tuple(command), env={**image, **environment})

    def _here(self, text: str) -> str:
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
        for there, here in self._replaced.items():
            text = text.replace(there, here)
        return text


@asynccontextmanager
async def running(house: House, part: str) -> AsyncIterator[None]:
    """A part, ready as its health check sees it."""
    process = await spawn(house.launch(part), asyncio.subprocess.DEVNULL)
    try:
        await until(lambda: _is_ready(house.ports[part]), seconds=60, what=f"{part} is ready")
        yield
    finally:
        await end(process, house.launch(part).stop_signal, patience=20)


async def _is_ready(port: int) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/readyz", timeout=5)).status_code == 200
    except httpx.HTTPError:
        return False


async def _databases(postgres: Postgres) -> dict[str, str]:
    """What init.sh does on the server's first start."""
    for name in SERVICES:
        await postgres.execute(f"CREATE ROLE {name}_owner LOGIN CREATEROLE PASSWORD '{name}-owner'")
        await postgres.execute(f"CREATE DATABASE {name} OWNER {name}_owner")
        await postgres.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    return {"postgres:5432": f"{postgres.host}:{postgres.port}"}


async def test_every_part_of_the_compose_file_starts_and_the_gateway_answers(
    tmp_path: Path,
) -> None:
    keys(tmp_path / "keys")
    # A server of its own: roles and their passwords belong to a whole server.
    async with run_postgres() as postgres, deployed_nats(tmp_path, secret="{user}-nats") as nats:
        databases = await _databases(postgres)
        house = House({**databases, "nats://nats:4222": nats}, tmp_path / "keys")
        for service in SERVICES:
            job = await spawn(house.launch(f"{service}-migrate"), asyncio.subprocess.DEVNULL)
            assert await job.wait() == 0, f"{service}-migrate"
        async with AsyncExitStack() as parts:
            for part in (*WEB, *WORKERS, "gateway"):
                await parts.enter_async_context(running(house, part))
            organization, admin = await _bootstrap(house)
            answer = await _ask(house, tmp_path / "keys", organization, admin)
    assert answer == {"data": {"me": {"name": "Anne Martin"}, "deals": {"edges": []}}}


async def _bootstrap(house: House) -> tuple[str, str]:
    launch = house.launch("contacts-web")
    asked = ("--organization", "Cabinet", "--locale", "fr", "--time-zone", "Europe/Paris")
    admin = ("--admin-name", "Anne Martin", "--admin-email", "anne@cabinet.example")
    process = await asyncio.create_subprocess_exec(
        *launch.argv[:-1], "bootstrap", *asked, *admin, env={**os.environ, **launch.env}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    told = json.loads(printed)
    return told["organization"], told["collaborator"]


async def _ask(house: House, folder: Path, organization: str, collaborator: str) -> Any:
    token = Keys(folder).token({"org": organization, "sub": collaborator, "role": "ADMIN"}, 60)
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"http://127.0.0.1:{house.ports['gateway']}/graphql",
            json={"query": "{ me { name } deals(first: 1) { edges { node { id } } } }"},
            headers={"Authorization": f"Bearer {token}"},
        )
    return answer.json()


def test_keys_that_are_there_stay(tmp_path: Path) -> None:
    keys(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("*.pem")} == {0}
    keys(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
