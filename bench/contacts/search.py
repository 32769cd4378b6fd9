"""Searches of one organization with many contacts, as the application's role: `python -m bench.contacts.search 300000`.

Server, roles, row-level security and triggers as deployed; the tables' owner is no superuser.
"""

import asyncio
import random
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from chassis import migrations
from chassis.database import Database
from chassis.identifiers import new_id
from services.contacts import model
from services.contacts.search.queries import Place, found, stems
from services.contacts.search.wanted import wanted, words_of
from services.contacts.service import SERVICE
from tests.support.postgres import Postgres, run_postgres

TEXTS = (
    "m",
    "martin",
    "marie martin",
    "bernard vi",
    "zl",
    "berbard",
    "0612",
    "12 34 56",
    "p1234@",
    "@firme77.example",
    "gérante boulangerie",
    "marie menuiserie 77",
    "gérantes",
)
ROUNDS = 20
SYLLABLES = "ber nard mar tin du bois le fè vre mo reau si mon lau rent mi chel gar cia da vid ro bert ri chard"
GIVEN = "Marie Jean Zoé Luc Anne Paul Élodie Hugo Inès Noël Chloé Viktor Yann Salomé Théo Adèle Omar Lina Karim"
TRADES = ("Boulangerie", "Menuiserie", "Garage", "Cabinet", "Pharmacie", "Transports", "Plomberie", "Librairie")
COMPANIES = [f"{TRADES[place % len(TRADES)]} {place // len(TRADES)}" for place in range(20_000)]
JOBS = ("Gérante", "Directeur", "Comptable", "Assistante de direction", "Acheteur", "Responsable technique")
ACCOUNT = "id organization_id version created_at updated_at name name_sort status relation_kinds social_links"
LINK = "id organization_id version created_at updated_at contact_id account_id job_title decision_maker"
CONTACT = (
    "id organization_id version created_at updated_at given_name given_name_sort family_name family_name_sort status"
    " origin languages relation_kinds social_links"
)


def _people(count: int, organization: UUID, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    now, syllables, given_names = datetime.now(UTC), SYLLABLES.split(), GIVEN.split()
    for _ in range(count):
        given, family = chance.choice(given_names), "".join(chance.choices(syllables, k=3)).capitalize()
        person = model.Contact(given_name=given, family_name=family)
        names = (given, person.given_name_sort, family, person.family_name_sort)
        yield (new_id(), organization, 1, now, now, *names, "SUSPECT", "MANUAL", [], [], "[]")


def _company(name: str) -> tuple[Any, ...]:
    return name, name.lower(), "SUSPECT", [], "[]"


async def _fill(url: str, count: int, companies: Sequence[str] = COMPANIES) -> UUID:
    organization, chance = new_id(), random.Random(4)
    connection: Any = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO organization"
        " (id, version, created_at, updated_at, name, locale, time_zone, country, sharing, plan)"
        " VALUES ($1, 1, now(), now(), 'Cabinet', 'fr', 'Europe/Paris', 'FR', 'EVERYTHING', 'PRO')",
        organization,
    )
    now = datetime.now(UTC)
    people = list(_people(count, organization, chance))
    emails = [
        (organization, person[0], 0, f"p{place}@firme{place % 5000}.example", "WORK")
        for place, person in enumerate(people)
    ]
    phones = [(organization, person[0], 0, f"+336{chance.randrange(10**8):08}", "MOBILE") for person in people]
    accounts = [(new_id(), organization, 1, now, now, *_company(name)) for name in companies]
    links = [
        (new_id(), organization, 1, now, now, person[0], accounts[place % len(accounts)][0], chance.choice(JOBS), False)
        for place, person in enumerate(people)
    ]
    # Bulk loading: documents are written once at the end, by the same function as the triggers'.
    await connection.execute("SET session_replication_role = replica")
    await connection.copy_records_to_table("contact", records=people, columns=CONTACT.split())
    columns = ["organization_id", "contact_id", "position", "address", "kind"]
    await connection.copy_records_to_table("contact_email", records=emails, columns=columns)
    columns[3] = "number"
    await connection.copy_records_to_table("contact_phone", records=phones, columns=columns)
    await connection.copy_records_to_table("account", records=accounts, columns=ACCOUNT.split())
    await connection.copy_records_to_table("interlocutor", records=links, columns=LINK.split())
    await connection.execute("SELECT count(search_account(id)) FROM account", timeout=3000)
    await connection.execute("SELECT count(search_contact(id)) FROM contact", timeout=3000)
    await connection.execute("VACUUM ANALYZE", timeout=3000)
    await connection.close()
    return organization


async def _owned(server: Postgres) -> tuple[str, str]:
    """A database whose owner is no superuser, and the owner's address."""
    name, secret = f"bench_{secrets.token_hex(4)}", secrets.token_hex(8)
    await server.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{secret}'")
    await server.execute(f"CREATE DATABASE {name} OWNER {name}")
    return name, server.url(name, name, secret)


async def _measure(database: Database, organization: UUID) -> None:
    for typed in TEXTS:
        times, rows = [], 0
        for _ in range(ROUNDS):
            async with database.read(organization) as read:
                await read.scalars(text("SELECT 1"))  # the connection is not what is measured
                begun = time.perf_counter()
                _, page = await found(
                    read, wanted(typed, await stems(read, words_of(typed))), ["CONTACT", "ACCOUNT"], Place(), 21
                )
                times.append((time.perf_counter() - begun) * 1000)
                rows = len(page)
        print(f"{typed:20} {rows:3} rows  median {median(times):7.1f} ms  p95 {quantiles(times, n=20)[-1]:7.1f} ms")


async def _plan(url: str, organization: UUID) -> None:
    connection: Any = await asyncpg.connect(url)
    query = f"$$'={organization}'$$::tsquery && $${wanted('marie martin', {}).beginning}$$::tsquery"
    explained = await connection.fetch(
        f"EXPLAIN (ANALYZE, BUFFERS) SELECT id FROM search_document WHERE terms @@ ({query}) LIMIT 1000"
    )
    print("\n".join(row[0] for row in explained))
    await connection.close()


async def main(count: int) -> None:
    """Fill, search, show the plan."""
    async with run_postgres() as server:
        name, owner_url = await _owned(server)
        secret = secrets.token_hex(8)
        app_url = server.url(name, "contacts_app", secret)
        await migrations.upgrade(SERVICE.migrations, owner_url, app_url, server.url(name, "contacts_system", secret))
        begun = time.perf_counter()
        organization = await _fill(server.url(name), count)
        print(f"{count} contacts in {time.perf_counter() - begun:.0f} s")
        database = Database(app_url, model.Base, "contacts")
        await _measure(database, organization)
        await database.close()
        await _plan(owner_url, organization)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000))
