"""Beside the large organization of a bench: two collaborators' portfolios, and a hundred small organizations."""

import random
from typing import Any
from uuid import UUID

import asyncpg

from bench.contacts.base import COMPANIES, AddressBook, found_organization, load, people, write_entries
from chassis.identifiers import new_id

SMALL = 100
CONTACTS_EACH = 1000
_MANAGE = (
    "UPDATE contact SET relationship_manager_id = $1"
    " WHERE organization_id = $2 AND get_byte(uuid_send(id), 15) BETWEEN $3 AND $4 AND get_byte(uuid_send(id), 14) < $5"
)
_MANAGERS = (
    "SELECT relationship_manager_id FROM contact WHERE organization_id = $1 AND relationship_manager_id IS NOT NULL"
    " GROUP BY 1 ORDER BY count(*)"
)


async def portfolios(book: AddressBook) -> list[tuple[UUID, ...]]:
    """Of one contact in 512, and of one in 50; made once."""
    connection: Any = await asyncpg.connect(book.superuser_url)
    await connection.execute("SET session_replication_role = replica")
    if not await connection.fetch(_MANAGERS, book.organization):
        for first, last, of in ((7, 7, 128), (10, 14, 256)):
            await connection.execute(_MANAGE, new_id(), book.organization, first, last, of, timeout=600)
        await connection.execute("VACUUM ANALYZE contact", timeout=600)
    found = [(row[0],) for row in await connection.fetch(_MANAGERS, book.organization)]
    await connection.close()
    return found


async def small_organization(book: AddressBook) -> UUID:
    """One of those that share the database and the index; made once."""
    connection: Any = await asyncpg.connect(book.superuser_url)
    await connection.execute("SET session_replication_role = replica")
    known = await connection.fetch("SELECT id FROM organization WHERE id <> $1", book.organization)
    ids = [row[0] for row in known] or [new_id() for _ in range(SMALL)]
    for place, id in enumerate(() if known else ids):
        chance = random.Random(place)
        await found_organization(connection, id)
        await load(connection, list(people(CONTACTS_EACH, id, chance)), COMPANIES[:200], id, chance)
        await write_entries(connection, id)
    await connection.close()
    return UUID(str(ids[0]))
