"""An import of neglected deals, through to the mails: against a system that `liant up --ready-file` runs.

uv run liant up --data /tmp/burst --fresh --ready-file /tmp/burst.json     # in another terminal
uv run python -m bench.deals.burst /tmp/burst.json --deals 10000

The deals are the colleagues', nine days old and without an event, written by one statement as the application's role.
Counts alerts, deliveries by status and mails; tells the time, and what memory the two workers took at most.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from bench.contacts.spent import spent, table
from chassis.identifiers import parse_id
from liant.documents import document

PARTS = ("deals-worker", "notifier-worker")
RULE = "deal_without_next_event"
_DEALS = """INSERT INTO deal (id, organization_id, version, title, phase, pipeline_id, stage_id, stage_entered_at,
    owner_id, owner_since, primary_contact_id, expected_close, close_pushes, created_at, updated_at)
SELECT uuidv7(), $1, 1, 'Affaire importée ' || n, 'LEAD', s.pipeline_id, s.id, now(), ($3::uuid[])[1 + n % $4], now(),
    c.id, current_date + 90, '{}', now() - interval '9 days', now()
FROM generate_series(1, $2::int) n, (SELECT id, pipeline_id FROM stage ORDER BY position LIMIT 1) s,
    contact c WHERE c.id = $5"""
_BUNDLING = """mutation { setNotificationBundling(input: { burstMinutes: 1, burstLongestMinutes: 5 }) {
  ... on NotificationBundling { burstCount } ... on Error { code message } } }"""
_ALERTS = f"SELECT count(*), min(raised_at), max(raised_at) FROM alert WHERE rule = '{RULE}'"
_DELIVERIES = "SELECT cause_kind, status, count(*) FROM delivery WHERE cause_kind IN ('alert', 'digest') GROUP BY 1, 2"
_WAITING = """SELECT count(*) FROM delivery WHERE cause_kind IN ('alert', 'digest')
    AND status NOT IN ('SENT', 'IN_DIGEST')"""


class Base:
    """A service's database, within the organization."""

    def __init__(self, system: dict[str, Any], service: str) -> None:
        self._url = system["databases"][service]["app"]
        self.organization = parse_id("organization", system["organization"])

    async def rows(self, statement: str, *given: Any) -> list[Any]:
        """Rows of one statement, committed."""
        connection: Any = await asyncpg.connect(self._url)
        try:
            async with connection.transaction():
                await connection.execute("SELECT set_config('liant.organization', $1, true)", str(self.organization))
                return list(await connection.fetch(statement, *given, timeout=600))
        finally:
            await connection.close()


def peak(pid: int) -> float:
    """The most memory that a process has had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


async def _until(what: str, begun: float, base: Base, statement: str, enough: int) -> None:
    while True:
        [[count, *_]] = await base.rows(statement)
        if count == enough:
            break
        await asyncio.sleep(1)
    print(f"{time.perf_counter() - begun:6.0f} s  {what}", flush=True)


async def _contact(http: httpx.AsyncClient, system: dict[str, Any], services: Sequence[Base]) -> UUID:
    """A contact, once every service knows it."""
    asked = {
        "query": document("create_contact"),
        "variables": {"input": {"givenName": "Zoé", "familyName": "Importée"}},
    }
    told = (await http.post(system["graphql"], json=asked)).json()
    [made] = told["data"].values()
    id = parse_id("contact", made["id"])
    for service in services:
        while not await service.rows("SELECT 1 FROM contact WHERE id = $1", id):  # noqa: ASYNC110  # another process's
            await asyncio.sleep(0.2)
    return id


async def main(system: dict[str, Any], count: int) -> None:
    """Import, and wait for the mails."""
    deals, notifier = Base(system, "deals"), Base(system, "notifier")
    owners = [parse_id("collaborator", each["id"]) for each in system["collaborators"].values()][:4]
    token = {"Authorization": f"Bearer {next(iter(system['tokens'].values()))}"}
    async with httpx.AsyncClient(headers=token) as http:
        print((await http.post(system["graphql"], json={"query": _BUNDLING})).text)
        mailbox = f"{system['mailbox']['http']}/messages"
        sent = len((await http.get(mailbox)).json())
        contact = await _contact(http, system, (deals, notifier))
        before, begun = spent(system["pids"]), time.perf_counter()
        await deals.rows(_DEALS, deals.organization, count, owners, len(owners), contact)
        await _until(f"{count} alerts raised", begun, deals, _ALERTS, count)
        told = "SELECT count(*) FROM cause WHERE kind = 'alert'"
        await _until(f"{count} alerts told to the notifier", begun, notifier, told, count)
        await _until("every mail and digest sent", begun, notifier, _WAITING, 0)
        mails = (await http.get(mailbox)).json()[sent:]
    print({f"{row[0]} {row[1]}": row[2] for row in await notifier.rows(_DELIVERIES)})
    print(f"{len(mails)} mails")
    print("memory at most:", {name: f"{peak(system['pids'][name]):.0f} MB" for name in PARTS})
    print(table(before, spent(system["pids"]), count), f"\nload {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m bench.deals.burst")
    parser.add_argument("ready_file", type=Path)
    parser.add_argument("--deals", type=int, default=10_000)
    given = parser.parse_args()
    asyncio.run(main(json.loads(given.ready_file.read_text()), given.deals))
