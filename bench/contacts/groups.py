"""Groups over one organization's many contacts, as the application's role: `python -m bench.contacts.groups 1000000`.

Times of counting, paging and computing, with the plans of the queries; what a change costs once many groups are there.
"""

import asyncio
import random
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Select, func, insert, select, text
from sqlalchemy.dialects import postgresql

from bench.contacts.base import COMPANIES, load, owned, people
from chassis import migrations
from chassis.auth import Actor
from chassis.database import Database, create_engine
from chassis.identifiers import new_id
from services.contacts import model, queries
from services.contacts.commands import organizations
from services.contacts.groups import refreshing
from services.contacts.groups.worker import GroupWorker
from services.contacts.model import Contact, Group, GroupDue, GroupKind
from services.contacts.schema import definitions
from services.contacts.service import SERVICE
from services.contacts.values import Country, Locale, TimeZone
from tests.support.postgres import run_postgres

DEFINITIONS: dict[str, dict[str, Any]] = {
    "one in 19, by given name": {"givenName": {"eq": "Zoé"}},
    "names beginning with Ber": {"familyName": {"startsWith": "Ber"}},
    "an account's name": {"account": {"name": {"startsWith": "Boulangerie"}}},
    "job title": {"interlocutor": {"jobTitle": {"contains": "Directeur"}}},
    "nearly all": {"not": {"givenName": {"eq": "Zoé"}}},
}
CHANGED = 1_000


async def _fill(url: str, count: int, organization: UUID) -> None:
    chance = random.Random(4)
    connection: Any = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")
    await load(connection, list(people(count, organization, chance)), COMPANIES, organization, chance)
    await connection.execute("VACUUM ANALYZE", timeout=3000)
    await connection.close()


async def _groups(database: Database, organization: UUID) -> list[UUID]:
    ids = []
    async with database.unit_of_work(Actor.system(organization)) as work:
        for name, filter in DEFINITIONS.items():
            own = {"organization_id": organization, "kind": GroupKind.DYNAMIC, "uses": [], "refresh_due_at": work.now}
            definition = {"version": 1, "filter": filter}
            group = Group(id=new_id(), name=name, definition=definition, version=1, **own)
            group.created_at = group.updated_at = work.now
            group.member_count = group.membership_version = 0
            work.session.add(group)
            ids.append(group.id)
    return ids


async def _timed(what: str, act: Callable[[], Awaitable[Any]]) -> Any:
    begun = time.perf_counter()
    made = await act()
    print(
        f"{what:60} {(time.perf_counter() - begun) * 1000:9.1f} ms  {made if isinstance(made, int) else ''}", flush=True
    )
    return made


async def _read(database: Database, organization: UUID, statement: Select[Any]) -> int:
    async with database.read(organization) as read:
        rows = await read.rows(statement)
    return int(rows[0][0]) if len(rows) == 1 and isinstance(rows[0][0], int) else len(rows)


async def _explain(url: str, organization: UUID, statement: Select[Any]) -> None:
    compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]  # SQLAlchemy's
    connection: Any = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SELECT set_config('liant.organization', $1, true)", str(organization))
        for row in await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {compiled}"):
            print(f"    {row[0]}", flush=True)
    await connection.close()


async def _measure(database: Database, system: Any, organization: UUID, app_url: str) -> None:
    ids = await _groups(database, organization)
    worker = GroupWorker(database, system, timedelta(hours=1), timedelta(days=1))
    while await _timed("compute: a step of each turn", worker.turn):
        pass
    for id, (name, filter) in zip(ids, DEFINITIONS.items(), strict=True):
        live = definitions.clauses({"version": 1, "filter": filter})
        kept = [queries.is_member_of(id), Contact.deleted_at.is_(None)]
        for how, clauses in (("as of now", live), ("kept", kept)):
            page = queries.CONTACT.where(*clauses).order_by(Contact.family_name_sort, Contact.id).limit(51)
            count = select(func.count()).select_from(queries.CONTACT.where(*clauses).subquery())
            await _timed(f"{name}: count, {how}", lambda count=count: _read(database, organization, count))
            await _timed(f"{name}: page by name, {how}", lambda page=page: _read(database, organization, page))
        await _explain(app_url, organization, page)
    await _change(database, worker, organization)


async def _change(database: Database, worker: GroupWorker, organization: UUID) -> None:
    """A thousand contacts change: what the worker takes for it."""
    async with database.unit_of_work(Actor.system(organization)) as work:
        some = list(await work.session.scalars(select(Contact.id).limit(CHANGED)))
        rows = [{"organization_id": organization, "aggregate": "contact", "aggregate_id": id} for id in some]
        await work.session.execute(insert(GroupDue), rows)
        await work.session.execute(text("SELECT 1"))
    await _timed(f"follow {CHANGED} changed contacts through {len(DEFINITIONS)} groups", worker.turn)


async def main(count: int) -> None:
    """Fill, compute, read, change."""
    async with run_postgres() as server:
        name, owner_url = await owned(server)
        secret = secrets.token_hex(8)
        app_url, system_url = (server.url(name, f"contacts_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, owner_url, app_url, system_url)
        begun = time.perf_counter()
        database, system = Database(app_url, model.Base, "contacts"), create_engine(system_url)
        organization = new_id()
        async with database.unit_of_work(Actor.system(organization)) as work:
            where = {"locale": Locale("fr"), "time_zone": TimeZone("UTC"), "country": Country("FR")}
            await organizations.set_up_organization(work, name="Cabinet", **where)  # type: ignore[arg-type]  # each its own
        await _fill(server.url(name), count, organization)
        print(f"{count} contacts in {time.perf_counter() - begun:.0f} s, steps of {refreshing.STEP}", flush=True)
        await _measure(database, system, organization, app_url)
        await database.close()
        await system.dispose()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000))
