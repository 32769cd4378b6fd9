"""Duplicates over a whole base, as a worker finds them: `python -m bench.contacts.duplicates 100000`.

The base is that of bench.contacts.search, 19 first names and invented last names, and one company for five contacts.
A company has an invented name, too: numbered ones are all one letter apart, and would be pairs with one another.
"""

import asyncio
import os
import random
import resource
import secrets
import sys
import time
from typing import Any

import asyncpg
from sqlalchemy import func, select

from bench.contacts.base import SYLLABLES, TRADES, fill, owned
from chassis import migrations
from chassis.auth import Actor
from chassis.database import Database, create_engine
from services.contacts import model
from services.contacts.duplicates.jobs import start_search
from services.contacts.duplicates.worker import DuplicateWorker
from services.contacts.service import SERVICE
from tests.support.postgres import run_postgres


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _companies(count: int) -> list[str]:
    chance, syllables = random.Random(5), SYLLABLES.split()
    return [f"{chance.choice(TRADES)} {''.join(chance.choices(syllables, k=4))}" for _ in range(count)]


async def main(count: int) -> None:
    """Fill, search everything, tell how long it took and what memory it needed."""
    companies = max(count // 5, 1)
    async with run_postgres() as server:
        name, owner_url = await owned(server)
        secret = secrets.token_hex(8)
        app_url, system_url = (server.url(name, f"contacts_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, owner_url, app_url, system_url)
        organization = await fill(server.url(name), count, _companies(companies))
        connection: Any = await asyncpg.connect(server.url(name))
        await connection.execute("DELETE FROM duplicate_due")
        await connection.close()
        database, system = Database(app_url, model.Base, "contacts"), create_engine(system_url)
        async with database.unit_of_work(Actor.system(organization)) as work:
            await start_search(work)
        before, begun, worked = _megabytes(), time.perf_counter(), time.process_time()
        await DuplicateWorker(database, system).search_one(asyncio.Event())
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        async with database.read(organization) as read:
            pairs = await read.scalar(select(func.count()).select_from(model.DuplicatePair))
        looked_at = count + companies
        print(f"{looked_at} records in {seconds:.1f} s ({looked_at / seconds:.0f}/s), {pairs} pairs")
        print(f"CPU of the worker: {worked * 1000 / looked_at:.2f} ms a record; load {os.getloadavg()[0]:.1f}")
        print(f"memory of the worker: {before:.0f} → at most {_megabytes():.0f} MB")
        await database.close()
        await system.dispose()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
