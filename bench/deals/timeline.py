"""First page of a timeline among many entries, as the application's role: `python -m bench.deals.timeline 5000000`.

Roles and row-level security as deployed; the tables' owner is no superuser. A fifth of the entries is one deal's; the
others are spread over 2,000. Every entry is a fact that exists, so that the page is read with its nodes by GraphQL.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Mapping
from copy import deepcopy
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg

from bench.contacts.base import owned
from chassis import migrations
from chassis.auth import Actor, Role
from chassis.database import Database
from chassis.graphql.context import Context
from chassis.identifiers import format_id, new_id
from services.deals.model import Base
from services.deals.service import SERVICE
from tests.support.postgres import run_postgres

ROUNDS = 40
OTHERS = 2_000
PEOPLE = 40
QUERY = """query($r: [_Any!]!, $people: [ID!], $kinds: [TimelineKind!], $after: String) {
  _entities(representations: $r) { ... on Contact { timeline(first: 50, people: $people, kinds: $kinds, after: $after) {
    pageInfo { endCursor } edges { node { ... on Notification { id kind at times actor { id } changes { field after } }
  } } } } } }"""
FILL = """
WITH made AS (
    INSERT INTO notification (id, organization_id, kind, contact_id, actor_id, details, at, cause, thing_id)
    SELECT gen_random_uuid(), $1, 'deal_changed',
        CASE WHEN n % 5 = 0 THEN $2 ELSE ($3::uuid[])[1 + n % {others}] END,
        ($4::uuid[])[1 + n * 7 % {people}], '{{"title": ["a", "b"]}}', now() - n * interval '1 second', 'bench', $2
    FROM generate_series($5::int, $6::int) n
    RETURNING id, contact_id, actor_id, at
)
INSERT INTO timeline_entry (organization_id, subject_id, at, entry_id, kind, actor_id)
SELECT $1, contact_id, at, id, 'notification', actor_id FROM made
"""
BATCH = 250_000


async def _fill(url: str, count: int) -> tuple[UUID, UUID, list[UUID]]:
    organization, busy = new_id(), new_id()
    others, people = [new_id() for _ in range(OTHERS)], [new_id() for _ in range(PEOPLE)]
    connection: Any = await asyncpg.connect(url)
    await connection.execute("SET synchronous_commit = off")
    statement = FILL.format(others=OTHERS, people=PEOPLE)
    for start in range(0, count, BATCH):
        last = min(count, start + BATCH) - 1
        await connection.execute(statement, organization, busy, others, people, start, last, timeout=3000)
    await connection.execute("VACUUM ANALYZE timeline_entry", timeout=3000)
    await connection.execute("ANALYZE notification", timeout=3000)
    await connection.close()
    return organization, busy, people


async def _measure(database: Database, organization: UUID, busy: UUID, people: list[UUID]) -> None:
    schema = SERVICE.schema()
    actor = Actor(organization, people[0], Role.ADMIN)
    variables: dict[str, Any] = {"r": [{"__typename": "Contact", "id": format_id("contact", busy)}]}
    one = {"people": [format_id("collaborator", people[5])]}
    far = {"after": await _far(schema, actor, database, variables)}
    asked: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("first page", {}),
        ("of one person", one),
        ("of one kind", {"kinds": ["NOTIFICATION"]}),
        ("of a kind there is none of", {"kinds": ["ALERT"]}),
        ("after 500 entries", far),
    )
    for name, more in asked:
        rounds = [await _once(schema, actor, database, {**variables, **more}) for _ in range(ROUNDS)]
        times, worked = [one[0] for one in rounds], median(one[1] for one in rounds)
        whole = f"median {median(times):6.1f} ms  p95 {quantiles(times, n=20)[-1]:6.1f} ms"
        print(f"{name:28} {whole}  CPU of deals {worked:5.1f} ms", flush=True)


async def _once(schema: Any, actor: Actor, database: Database, variables: Mapping[str, Any]) -> tuple[float, float]:
    context = Context(actor, database)
    begun, worked = time.perf_counter(), time.process_time()
    result = await schema.execute(QUERY, variable_values=deepcopy({**variables}), context_value=context)
    taken = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
    await context.close()
    assert result.errors is None, result.errors
    return taken


async def _far(schema: Any, actor: Actor, database: Database, variables: Mapping[str, Any]) -> str:
    after = None
    for _ in range(10):
        context = Context(actor, database)
        told = deepcopy({**variables, "after": after})  # strawberry takes representations apart
        result = await schema.execute(QUERY, variable_values=told, context_value=context)
        await context.close()
        assert result.errors is None, result.errors
        after = result.data["_entities"][0]["timeline"]["pageInfo"]["endCursor"]
    return str(after)


async def _plan(url: str, organization: UUID, busy: UUID) -> None:
    connection: Any = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SELECT set_config('liant.organization', $1, true)", str(organization))
        explained = await connection.fetch(
            "EXPLAIN (ANALYZE, BUFFERS) SELECT entry_id, kind FROM timeline_entry WHERE organization_id = $1"
            " AND subject_id = $2 ORDER BY at DESC, entry_id DESC LIMIT 51",
            organization,
            busy,
        )
    print("\n".join(row[0] for row in explained))
    await connection.close()


async def main(count: int) -> None:
    """Fill, read, show the plan."""
    async with run_postgres() as server:
        name, owner_url = await owned(server)
        secret = secrets.token_hex(8)
        app_url = server.url(name, "deals_app", secret)
        await migrations.upgrade(SERVICE.migrations, owner_url, app_url, server.url(name, "deals_system", secret))
        begun = time.perf_counter()
        organization, busy, people = await _fill(server.url(name), count)
        print(f"{count} entries in {time.perf_counter() - begun:.0f} s", flush=True)
        database = Database(app_url, Base, "deals")
        await _measure(database, organization, busy, people)
        await database.close()
        await _plan(app_url, organization, busy)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
