"""All alert rules over many open deals: `python -m bench.deals.alerts 1000000 [--keep FOLDER] [--plans [RULE …]]`.

First every rule's one statement, as the nightly audit runs it, with no alert yet and with all of them open. Then turns
of the worker, each in a process of its own: the first, which looks at everybody; the audit; one of 1,000 changed deals;
one that raises 10,000 alerts at once. With `--keep` the filled database stays in the folder for the next run.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.contacts.spent import spent
from bench.deals.kept import Addresses, copied, portfolio
from bench.deals.portfolio import ORGANIZATIONS
from chassis.database import create_engine, utc_now
from services.deals.queries.alerts import changes
from services.deals.queries.wanted import cutoffs, wanted
from services.deals.rules import RULES
from services.deals.rules.base import Rule
from services.deals.sweeping.auditing import planned_for_everything
from services.deals.sweeping.looking import rows_of
from services.deals.values.alert_settings import Wanted

CHANGED, NEGLECTED = 1_000, 10_000
_CHANGE = f"""UPDATE deal SET title = title || '.', updated_at = now()
WHERE id IN (SELECT id FROM deal TABLESAMPLE SYSTEM (5) ORDER BY random() LIMIT {CHANGED})"""
_NEGLECT = f"""INSERT INTO deal (id, organization_id, version, title, phase, pipeline_id, stage_id, stage_entered_at,
    owner_id, owner_since, account_id, primary_contact_id, expected_close, close_pushes, created_at, updated_at)
SELECT uuidv7(), organization_id, 1, 'Import', 'OPPORTUNITY', pipeline_id, stage_id, now(), owner_id, now(), account_id,
    primary_contact_id, current_date + 90, '{{}}', now() - interval '9 days', now()
FROM (SELECT * FROM deal WHERE owner_id IS NOT NULL LIMIT 1) one, generate_series(1, {NEGLECTED})"""
Turn = dict[str, tuple[float, int]]


async def _statements(connection: AsyncConnection, told: Sequence[Wanted], now: datetime) -> Turn:
    found = {}
    for rule in RULES.values():
        begun = time.perf_counter()
        rows = (await connection.execute(changes(rule, now, cutoffs(rule, told, now, {})))).all()
        found[rule.name] = (time.perf_counter() - begun, len(rows))
    return found


async def _plan(connection: AsyncConnection, rule: Rule, told: Sequence[Wanted], now: datetime) -> None:
    statement = changes(rule, now, cutoffs(rule, told, now, {}))
    compiled: Any = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    given = [compiled.params[name] for name in compiled.positiontup or []]
    raw: Any = (await connection.get_raw_connection()).driver_connection
    print(rule.name)
    for row in await raw.fetch(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY) {compiled}", *given, timeout=3_000):
        print("   ", row[0])


async def _evaluated(addresses: Addresses, plans: Sequence[Rule] = ()) -> Turn:
    """Every rule's look at everything, with the memory that the audit takes."""
    system = create_engine(addresses.system, statement_seconds=3_000)
    async with system.connect() as raw:
        connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
        told, now = await wanted(lambda statement: rows_of(connection, statement)), utc_now()
        async with planned_for_everything(connection):
            for rule in plans:
                await _plan(connection, rule, told, now)
            found = await _statements(connection, told, now)
    await system.dispose()
    return found


def _show(turns: Sequence[Turn]) -> None:
    print(f"{'rule':34} {'no alert yet':>18} {'all open':>18}   load {os.getloadavg()[0]:.1f}")
    for name in RULES:
        print(f"{name:34}", *(f"{turn[name][0]:8.2f} s {turn[name][1]:7}" for turn in turns))
    totals = [(sum(each[0] for each in turn.values()), sum(each[1] for each in turn.values())) for turn in turns]
    print(f"{'all':34}", *(f"{seconds:8.2f} s {rows:7}" for seconds, rows in totals), flush=True)


async def _swept(what: str, addresses: Addresses, kind: str = "turns") -> None:
    """A worker's turns, or audit, and what they cost."""
    before = spent({"postgres": addresses.postmaster})
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.deals.turns", kind, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await child.communicate(f"{addresses.app}\n{addresses.system}".encode())
    *log, last = output.decode().strip().splitlines()
    if child.returncode:
        raise RuntimeError("\n".join([*log, last]))
    told = json.loads(last)
    server = sum((spent({"postgres": addresses.postmaster}) - before).values())
    print(
        f"{what:34} {told['seconds']:7.1f} s  CPU {told['cpu']:6.1f} s + {server:6.1f} s in PostgreSQL"
        f"  turns {told['turns']:3}  looked {told['looked']:8}  raised {told['raised']:7}  closed {told['closed']:6}"
        f"  missed {told['missed']:3}  failed {told['failed']}  memory {told['memory']:4.0f} MB"
        f"  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


async def _done(addresses: Addresses, statement: str) -> None:
    connection: Any = await asyncpg.connect(addresses.superuser)
    await connection.execute(statement, timeout=3_000)
    await connection.close()


async def main(folder: Path, count: int, organizations: int, plans: Sequence[Rule]) -> None:
    """Fill, evaluate, sweep, show."""
    async with (
        portfolio(folder, count, organizations) as kept,
        copied(kept, f"run_{secrets.token_hex(4)}") as addresses,
    ):
        fresh = await _evaluated(addresses, plans)
        await _swept("first turns, everybody", addresses)
        await _done(addresses, "VACUUM ANALYZE alert, alert_look")
        _show([fresh, await _evaluated(addresses)])
        await _swept("audit, everybody", addresses, "audit")
        await _done(addresses, _CHANGE)
        await _swept(f"{CHANGED} deals changed", addresses)
        await _done(addresses, _NEGLECT)
        await _swept(f"{NEGLECTED} neglected deals imported", addresses)
        await _swept("nothing changed", addresses)
        await _swept("audit, everybody", addresses, "audit")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0] if __doc__ else None)
    parser.add_argument("deals", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--organizations", type=int, default=ORGANIZATIONS)
    parser.add_argument("--keep", type=Path, help="where the filled database is, or will be")
    parser.add_argument("--plans", nargs="*", metavar="RULE", help="show the plans of these rules, or of all")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    named = () if given.plans is None else [RULES[name] for name in given.plans or RULES]
    with tempfile.TemporaryDirectory(prefix="liant-bench-") as scratch:
        asyncio.run(main(given.keep or Path(scratch), given.deals, given.organizations, named))
