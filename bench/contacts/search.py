"""Searches of one organization with many contacts, as the application's role through row-level security.

    python -m bench.contacts.search 1000000 --keep /tmp/speed-book [--only everything]

The address book is filled once and kept. Prints for each kind of text the median and the 95th percentile of first
pages, the same within a portfolio and in a small organization of the same database; how often somebody is among the
first ten; the plan of one search.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from bench.contacts.base import AddressBook, address_book
from bench.contacts.surroundings import portfolios, small_organization
from bench.contacts.texts import EXACT, TEXTS, WAYS, Known
from chassis.database import Database, ReadSession
from services.contacts import model
from services.contacts.search.queries import Place, found, stems
from services.contacts.search.wanted import wanted, words_of

PAGE = 21
FIRST = 10
PEOPLE = 200
KINDS = ("CONTACT", "ACCOUNT")
Portfolio = tuple[UUID, ...] | None


async def page(read: ReadSession, typed: str) -> list[UUID]:
    """What the first page shows."""
    _, rows = await found(read, wanted(typed, await stems(read, words_of(typed))), KINDS, Place(), PAGE)
    return [row.id for row in rows]


@asynccontextmanager
async def reading(database: Database, organization: UUID, portfolio: Portfolio) -> AsyncIterator[ReadSession]:
    """A read that has its connection: that is not what is measured."""
    async with database.read(organization, portfolio) as read:
        await read.scalars(text("SELECT 1"))
        yield read


async def times_of(
    database: Database, organization: UUID, typed: str, rounds: int, portfolio: Portfolio
) -> list[float]:
    """Milliseconds of each round, after one that fills the caches."""
    times = []
    for _ in range(rounds + 1):
        async with reading(database, organization, portfolio) as read:
            begun = time.perf_counter()
            await page(read, typed)
            times.append((time.perf_counter() - begun) * 1000)
    return times[1:]


async def measure(database: Database, organization: UUID, title: str, rounds: int, portfolio: Portfolio = None) -> None:
    """One line for each text."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f})")
    slow = 0
    for kind, texts in TEXTS.items():
        for typed in texts:
            times = await times_of(database, organization, typed, rounds, portfolio)
            async with reading(database, organization, portfolio) as read:
                rows = len(await page(read, typed))
            last = quantiles(times, n=20)[-1]
            slow += last >= 20
            print(f"{kind:22} {typed:34} {rows:3} rows  median {median(times):6.1f} ms  p95 {last:6.1f} ms", flush=True)
    print(f"{slow} of {sum(map(len, TEXTS.values()))} texts with a p95 of 20 ms or more")


async def _everything(database: Database, book: AddressBook, rounds: int) -> None:
    await measure(database, book.organization, "everything", rounds)


async def _portfolios(database: Database, book: AddressBook, rounds: int) -> None:
    few, many = await portfolios(book)
    await measure(database, book.organization, "a portfolio of one in 512", rounds, few)
    await measure(database, book.organization, "a portfolio of one in 50", rounds, many)


async def _small(database: Database, book: AddressBook, rounds: int) -> None:
    await measure(database, await small_organization(book), "one of 100 small organizations", rounds)


async def _recall(database: Database, book: AddressBook, _: int) -> None:
    """How often somebody is among the first ten."""
    connection: Any = await asyncpg.connect(book.superuser_url)
    people = await _some(connection, book.organization)
    names = {known.id: f"{known.given} {known.family}" for known in people}
    for way, typed in WAYS.items():
        chance, hits = random.Random(way), 0
        for known in people:
            async with reading(database, book.organization, None) as read:
                first = (await page(read, typed(known, chance)))[:FIRST]
            hits += UUID(known.id) in first or (way not in EXACT and names[known.id] in await _names(connection, first))
        print(f"{way:30} {hits / len(people):6.1%} among the first {FIRST}", flush=True)
    await connection.close()


async def _some(connection: Any, organization: UUID) -> list[Known]:
    rows = await connection.fetch(
        "SELECT c.id::text, c.given_name, c.family_name, a.name, p.number, e.address"
        " FROM (SELECT * FROM contact TABLESAMPLE BERNOULLI (0.1) REPEATABLE (4) WHERE organization_id = $1 LIMIT $2) c"
        " JOIN contact_phone p ON p.contact_id = c.id JOIN contact_email e ON e.contact_id = c.id"
        " JOIN interlocutor i ON i.contact_id = c.id JOIN account a ON a.id = i.account_id",
        organization,
        PEOPLE,
    )
    return [Known(*row) for row in rows]


async def _names(connection: Any, ids: Sequence[UUID]) -> set[str]:
    rows = await connection.fetch("SELECT given_name || ' ' || family_name FROM contact WHERE id = ANY ($1)", ids)
    return {row[0] for row in rows}


async def _plan(_: Database, book: AddressBook, __: int, typed: str = "marie martin") -> None:
    """The plans of the statements within one search, as auto_explain tells them."""
    connection: Any = await asyncpg.connect(book.superuser_url)
    connection.add_log_listener(lambda _, message: print(message.message))
    settings: Mapping[str, str] = {"log_min_duration": "0", "log_analyze": "on", "log_buffers": "on"}
    await connection.execute("LOAD 'auto_explain'")
    async with connection.transaction():
        await connection.execute("SELECT set_config('liant.organization', $1, true)", str(book.organization))
        for name, value in {**settings, "log_nested_statements": "on"}.items():
            await connection.execute(f"SET LOCAL auto_explain.{name} = {value}")
        await connection.execute("SET LOCAL client_min_messages = log")
        asked = wanted(typed, {})
        call = "SELECT id FROM search_results($1, $2, '{CONTACT,ACCOUNT}', 0, 21)"
        print(f"\n{typed}")
        await connection.fetch(call, asked.beginning, asked.whole)
    await connection.close()


PARTS: Mapping[str, Callable[[Database, AddressBook, int], Awaitable[None]]] = {
    "everything": _everything,
    "portfolios": _portfolios,
    "small": _small,
    "recall": _recall,
    "plan": _plan,
}


async def main() -> None:
    """Fill, search, evaluate, show the plan."""
    parser = argparse.ArgumentParser("python -m bench.contacts.search")
    parser.add_argument("contacts", type=int, nargs="?", default=300_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", choices=PARTS, action="append")
    told = parser.parse_args()
    async with address_book(told.contacts, keep=told.keep) as book:
        database = Database(book.app_url, model.Base, "contacts")
        for part in told.only or PARTS:
            await PARTS[part](database, book, told.rounds)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
