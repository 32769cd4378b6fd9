"""One organization's address book of invented people, on a server of its own, as deployed: roles, row-level security,
triggers; the tables' owner is no superuser. It can be kept, and taken again.
"""

import json
import random
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from chassis import migrations
from chassis.identifiers import new_id
from liant.embedded.postgres import EmbeddedPostgres
from liant.ports import reserve
from services.contacts import model
from services.contacts.service import SERVICE
from tests.support.control import LocalProcess
from tests.support.postgres import Postgres

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
DATABASE = "bench"
ENTRIES = 2000


@dataclass(frozen=True)
class Kept:
    """What is remembered of a kept address book, in its folder."""

    superuser: str
    owner: str
    roles: str
    organization: str = ""


@dataclass(frozen=True)
class AddressBook:
    """Where to reach it, as whom, and whose it is."""

    superuser_url: str
    owner_url: str
    app_url: str
    system_url: str
    organization: UUID


@asynccontextmanager
async def address_book(
    count: int, companies: Sequence[str] = COMPANIES, keep: Path | None = None
) -> AsyncIterator[AddressBook]:
    """Filled with so many contacts; with `keep`, filled once in that folder, and brought to this code's migrations."""
    with tempfile.TemporaryDirectory(prefix="liant-bench-") as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / "kept.json"
        known = Kept(**json.loads(note.read_text())) if note.exists() else Kept(*(secrets.token_hex(8) for _ in "123"))
        server = EmbeddedPostgres(folder / "data", reserve(), known.superuser, durable=False)
        server.prepare()
        control = LocalProcess(server.launch(), server.answers)
        await control.start()
        try:
            yield await _ready(server, known, note, count, companies)
        finally:
            await control.stop()


async def _ready(
    server: EmbeddedPostgres, known: Kept, note: Path, count: int, companies: Sequence[str]
) -> AddressBook:
    if not known.organization:
        await _make(server.url(), DATABASE, known.owner)
    owner = server.url(DATABASE, DATABASE, known.owner)
    app, system = (server.url(DATABASE, f"contacts_{role}", known.roles) for role in ("app", "system"))
    begun = time.perf_counter()
    await migrations.upgrade(SERVICE.migrations, owner, app, system)
    print(f"migrated in {time.perf_counter() - begun:.0f} s", flush=True)
    superuser = server.url(DATABASE)
    organization = UUID(known.organization) if known.organization else await fill(superuser, count, companies)
    _keep(note, Kept(known.superuser, known.owner, known.roles, str(organization)))
    return AddressBook(superuser, owner, app, system, organization)


def _keep(note: Path, known: Kept) -> None:
    note.write_text(json.dumps(asdict(known)))


async def owned(server: Postgres) -> tuple[str, str]:
    """A database whose owner is no superuser, and the owner's address."""
    name, secret = f"bench_{secrets.token_hex(4)}", secrets.token_hex(8)
    await _make(server.url(), name, secret)
    return name, server.url(name, name, secret)


async def _make(superuser: str, name: str, secret: str) -> None:
    connection: Any = await asyncpg.connect(superuser)
    await connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{secret}'")
    await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    await connection.close()


def people(count: int, organization: UUID, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Rows of CONTACT."""
    now, syllables, given_names = datetime.now(UTC), SYLLABLES.split(), GIVEN.split()
    for _ in range(count):
        given, family = chance.choice(given_names), "".join(chance.choices(syllables, k=3)).capitalize()
        person = model.Contact(given_name=given, family_name=family)
        names = (given, person.given_name_sort, family, person.family_name_sort)
        yield (new_id(), organization, 1, now, now, *names, "SUSPECT", "MANUAL", [], [], "[]")


def company(name: str, organization: UUID) -> tuple[Any, ...]:
    """A row of ACCOUNT."""
    now = datetime.now(UTC)
    return new_id(), organization, 1, now, now, name, name.lower(), "SUSPECT", [], "[]"


def link(contact: UUID, account: UUID, organization: UUID, job: str) -> tuple[Any, ...]:
    """A row of LINK."""
    now = datetime.now(UTC)
    return new_id(), organization, 1, now, now, contact, account, job, False


async def fill(url: str, count: int, companies: Sequence[str] = COMPANIES) -> UUID:
    """An organization with so many contacts; entries of searches are written at the end, as triggers write them."""
    organization, chance = new_id(), random.Random(4)
    connection: Any = await asyncpg.connect(url)
    begun = time.perf_counter()
    await connection.execute("SET session_replication_role = replica")
    await found_organization(connection, organization)
    await load(connection, list(people(count, organization, chance)), companies, organization, chance)
    await write_entries(connection, organization)
    await connection.execute("VACUUM ANALYZE", timeout=3000)
    await connection.close()
    print(f"{count} contacts in {time.perf_counter() - begun:.0f} s", flush=True)
    return organization


async def found_organization(connection: Any, id: UUID) -> None:
    """An organization that shares everything."""
    await connection.execute(
        "INSERT INTO organization"
        " (id, version, created_at, updated_at, name, locale, time_zone, country, sharing, plan)"
        " VALUES ($1, 1, now(), now(), 'Cabinet', 'fr', 'Europe/Paris', 'FR', 'EVERYTHING', 'PRO')",
        id,
    )


async def write_entries(connection: Any, organization: UUID) -> None:
    """What searches find of an organization, by the same functions as the triggers'."""
    for kind in ("account", "contact"):
        ids = [
            row[0] for row in await connection.fetch(f"SELECT id FROM {kind} WHERE organization_id = $1", organization)
        ]  # a name of ours
        for place in range(0, len(ids), ENTRIES):
            await connection.execute(f"SELECT search_write_{kind}s($1)", ids[place : place + ENTRIES], timeout=300)


async def load(
    connection: Any, persons: list[tuple[Any, ...]], companies: Sequence[str], organization: UUID, chance: random.Random
) -> None:
    """Contacts with an address, a telephone and a company each."""
    accounts = [company(name, organization) for name in companies]
    emails = [
        (organization, person[0], 0, f"p{place}@firme{place % 5000}.example", "WORK")
        for place, person in enumerate(persons)
    ]
    phones = [(organization, person[0], 0, f"+336{chance.randrange(10**8):08}", "MOBILE") for person in persons]
    links = [
        link(person[0], accounts[place % len(accounts)][0], organization, chance.choice(JOBS))
        for place, person in enumerate(persons)
    ]
    parts = "organization_id contact_id position {} kind"
    for table, records, columns in (
        ("contact", persons, CONTACT),
        ("contact_email", emails, parts.format("address")),
        ("contact_phone", phones, parts.format("number")),
        ("account", accounts, ACCOUNT),
        ("interlocutor", links, LINK),
    ):
        await connection.copy_records_to_table(table, records=records, columns=columns.split())
