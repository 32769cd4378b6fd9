"""Each service's migrations, on an empty database, give exactly its model and leave no table unprotected. `check`."""

import asyncio
import secrets
import sys

from chassis import migrations
from chassis.database import create_engine
from tests.support.postgres import Postgres, run_postgres
from tools.shell import SERVICES, service


async def check() -> None:
    """End with status 1 where a model and its migrations differ, or a table lacks row-level security."""
    async with run_postgres() as server:
        faults = [fault for name in SERVICES for fault in await _faults(server, name)]
    if faults:
        raise SystemExit("\n".join(faults))


async def _faults(server: Postgres, name: str) -> list[str]:
    described = service(name)
    async with server.database(name) as database:
        secret = secrets.token_hex(8)
        roles = (server.url(database, f"{name}_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(described.migrations, server.url(database), *roles)
        differences = await migrations.differences(server.url(database), described.base.metadata)
        engine = create_engine(server.url(database))
        bare = await migrations.unprotected_tables(engine)
        await engine.dispose()
    return [f"{name}: {difference}" for difference in differences] + [
        f"{name}: table {table} has no row-level security" for table in bare
    ]


if __name__ == "__main__":
    assert sys.argv[1:] == ["check"], "usage: python -m tools.migrations check"
    asyncio.run(check())
