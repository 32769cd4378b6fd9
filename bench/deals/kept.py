"""A portfolio whose server's folder stays, so that the same million deals can be asked again in a later run."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from bench.deals.portfolio import fill
from chassis import migrations
from liant.embedded.postgres import EmbeddedPostgres
from liant.ports import reserve
from services.deals.service import SERVICE
from tests.support.control import LocalProcess

_DATABASE = "portfolio"


@dataclass(frozen=True)
class Addresses:
    """Of one database: the superuser's, the application's and the sweep's; and the server's process."""

    superuser: str
    app: str
    system: str
    postmaster: int


@asynccontextmanager
async def portfolio(folder: Path, deals: int, organizations: int) -> AsyncIterator[Addresses]:
    """The database in a folder, filled on the first run and brought to this release's schema on each."""
    embedded = EmbeddedPostgres(folder / "data", reserve(), _secret(folder), durable=False)
    embedded.prepare()
    control = LocalProcess(embedded.launch(), embedded.answers)
    await control.start()
    postmaster = int((embedded.folder / "postmaster.pid").read_text().split()[0])
    try:
        yield await _filled(embedded, postmaster, deals, organizations)
    finally:
        await control.stop()


def _secret(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16))
    return path.read_text()


@asynccontextmanager
async def copied(kept: Addresses, name: str) -> AsyncIterator[Addresses]:
    """A copy of the database, to be changed and thrown away: the next run begins as this one did."""
    server: Any = await asyncpg.connect(urlsplit(kept.superuser)._replace(path="/postgres").geturl())
    await server.execute(f"CREATE DATABASE {name} TEMPLATE {_DATABASE} STRATEGY FILE_COPY", timeout=3_000)
    await server.execute(f"GRANT CONNECT ON DATABASE {name} TO deals_app, deals_system")
    try:
        told = {
            role: urlsplit(getattr(kept, role))._replace(path=f"/{name}").geturl()
            for role in ("superuser", "app", "system")
        }
        yield replace(kept, **told)
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)", timeout=3_000)
        await server.close()


async def _filled(embedded: EmbeddedPostgres, postmaster: int, deals: int, organizations: int) -> Addresses:
    server: Any = await asyncpg.connect(embedded.url())
    if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _DATABASE):
        # Its owner is no superuser, as in production: row-level security holds for it too.
        await server.execute(f"CREATE ROLE {_DATABASE} LOGIN CREATEROLE PASSWORD '{embedded.password}'")
        await server.execute(f"CREATE DATABASE {_DATABASE} OWNER {_DATABASE}")
    await server.close()
    told = {role: embedded.url(_DATABASE, role, embedded.password) for role in (_DATABASE, "deals_app", "deals_system")}
    await migrations.upgrade(SERVICE.migrations, *told.values())
    found = Addresses(embedded.url(_DATABASE), told["deals_app"], told["deals_system"], postmaster)
    filling: Any = await asyncpg.connect(found.superuser)
    if not await filling.fetchval("SELECT 1 FROM deal LIMIT 1"):
        begun = time.perf_counter()
        await fill(filling, deals, organizations)
        print(
            f"{deals} open deals in {organizations} organizations, in {time.perf_counter() - begun:.0f} s", flush=True
        )
    await filling.close()
    return found
