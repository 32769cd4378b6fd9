"""How long an import takes, and what memory it needs: against a system that `liant up --ready-file` runs.

uv run liant up --data /tmp/bench --fresh --ready-file /tmp/bench.json     # in another terminal
uv run python -m bench.contacts.import /tmp/bench.json --rows 100000
"""

import argparse
import asyncio
import csv
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.contacts.spent import spent, table
from chassis.identifiers import parse_id
from liant.documents import document
from liant.graphql import Client
from liant.http import put_file

POLL_SECONDS = 0.5
COPYING = ("deals", "notifier")
PARTS = ("contacts-web", "contacts-worker")
GIVEN = ("Marie", "Jean", "Zoé", "Luc", "Anne", "Paul", "Élodie", "Hugo", "Inès", "Noël", "Chloé", "Théo", "Lina")
SYLLABLES = (
    "ber",
    "nard",
    "mar",
    "tin",
    "du",
    "bois",
    "fè",
    "vre",
    "mo",
    "reau",
    "si",
    "lau",
    "mi",
    "chel",
    "gar",
    "da",
)
TRADES = ("Boulangerie", "Menuiserie", "Garage", "Cabinet")
HEADINGS = ("Civilité", "Nom", "Prénom", "Société", "Fonction", "Tél. portable", "E-mail", "Code client", "Notes")


@dataclass
class Memory:
    """Resident memory of the service's parts, in MB, at the beginning and at most."""

    pids: dict[str, int]
    first: dict[str, float]
    most: dict[str, float]

    @classmethod
    def of(cls, pids: dict[str, int]) -> "Memory":
        """Look now."""
        now = {name: resident(pid) for name, pid in pids.items()}
        return cls(pids, now, dict(now))

    def look(self) -> None:
        """Look again."""
        self.most = {name: max(self.most[name], resident(pid)) for name, pid in self.pids.items()}

    def __str__(self) -> str:
        return ", ".join(f"{name} {self.first[name]:.0f} → at most {self.most[name]:.0f} MB" for name in self.pids)


def resident(pid: int) -> float:
    """Resident memory in MB, as Linux tells it."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Invented people, called differently as people are; each row differs."""
    chance = random.Random(4)
    for n in range(count):
        given, family = chance.choice(GIVEN), _word(chance, 4)
        firm = f"{chance.choice(TRADES)} {_word(random.Random(n % 997), 3)}"
        phone, email = f"06{n:08d}", f"client{n}@firme{n % 997}.example"
        yield ("Mme", family, given, firm, "Gérante", phone, email, f"C{n}", "Préfère le matin")


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=syllables)).capitalize()


def write_file(path: Path, count: int) -> None:
    """A CSV as French spreadsheets write it."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


async def timed(client: Client, file: Path, key: str, memory: Memory) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds of each phase, and the import at its end."""
    begun = time.perf_counter()
    started = await client.mutate(document("start_import"), {"input": {"fileName": file.name}})
    await put_file(started["uploadUrl"], file)
    sent = time.perf_counter()
    id = started["import"]["id"]
    await settled(client, id, memory)
    looked = time.perf_counter()
    await client.mutate(document("run_import"), {"input": {"id": id, "key": key, "mapping": None}})
    found = await settled(client, id, memory)
    written = time.perf_counter()
    return {"sent": sent - begun, "looked at": looked - sent, "written": written - looked}, found


async def settled(client: Client, id: str, memory: Memory) -> dict[str, Any]:
    """The import, once no worker is on it."""
    while True:
        found: dict[str, Any] = (await client.query(document("contact_import"), {"id": id}))["contactImport"]
        memory.look()
        if found["state"] not in ("UPLOADING", "INSPECTING", "RUNNING"):
            return found
        await asyncio.sleep(POLL_SECONDS)


async def contacts_of(url: str, organization: str) -> int:
    """How many contacts of an organization a service's database has."""
    connection: Any = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            scope = str(parse_id("organization", organization))
            await connection.execute("SELECT set_config('liant.organization', $1, true)", scope)
            return int(await connection.fetchval("SELECT count(*) FROM contact"))
    finally:
        await connection.close()


async def copied(system: dict[str, Any]) -> float:
    """Seconds until every service knows as many contacts as there are."""
    begun = time.perf_counter()
    urls = {name: urls["app"] for name, urls in system["databases"].items()}
    wanted = await contacts_of(urls["contacts"], system["organization"])
    for name in COPYING:
        while await contacts_of(urls[name], system["organization"]) < wanted:  # noqa: ASYNC110  # another process's
            await asyncio.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


async def main() -> None:
    """Import, then the same file again by key."""
    parser = argparse.ArgumentParser("python -m bench.contacts.import")
    parser.add_argument("ready_file", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    told = parser.parse_args()
    system = json.loads(told.ready_file.read_text())
    client = Client(system["graphql"], next(iter(system["tokens"].values())))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.csv"
        write_file(file, told.rows)
        print(f"{told.rows} rows, {file.stat().st_size / 1e6:.1f} MB")
        for key in ("EMAIL", "EXTERNAL_ID"):
            memory, before = Memory.of({name: system["pids"][name] for name in PARTS}), spent(system["pids"])
            seconds, found = await timed(client, file, key, memory)
            counts = {name: found[name] for name in ("state", "created", "updated", "unchanged", "skipped")}
            print(f"by {key}: " + ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items()))
            print(f"  {told.rows / seconds['written']:.0f} rows/s; {counts}")
            print(f"  copied {await copied(system):.1f} s later; load {os.getloadavg()[0]:.1f}")
            print(f"  memory: {memory}")
            print(table(before, spent(system["pids"]), told.rows), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
