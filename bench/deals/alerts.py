"""All alert rules over many open deals, as the sweep's role: `python -m bench.deals.alerts 1000000 [--plans]`.

Three turns are timed, rule by rule: with no alert yet, with all of those open, and a second later. They are the
statements that the worker runs, after its own settings; what it then writes is timed on one organization.
"""

import argparse
import asyncio
import os
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bench.contacts.search import _owned
from bench.deals.portfolio import ORGANIZATIONS, fill
from chassis import migrations
from chassis.database import Database, create_engine, utc_now
from services.deals.model import Base
from services.deals.queries.alerts import changes, due
from services.deals.queries.wanted import cutoffs, wanted
from services.deals.rules import RULES
from services.deals.rules.base import Rule
from services.deals.service import SERVICE
from services.deals.values.alert_settings import Wanted
from services.deals.worker import Sweep
from tests.support.postgres import run_postgres

OPEN_ALERTS = """INSERT INTO alert (id, organization_id, version, rule, severity, status, {about}_id, since, step,
    escalation, figures, addressee_ids, raised_at)
SELECT uuidv7(), organization_id, 1, '{rule}', 'WARNING', 'RAISED', subject_id, since, step, 0, '{{}}', '{{}}', now()
FROM ({due}) due ON CONFLICT DO NOTHING"""


async def _rows(connection: AsyncConnection, statement: Any) -> Any:
    return (await connection.execute(statement)).all()


async def _settings(connection: AsyncConnection) -> list[Wanted]:
    async def fetch(statement: Any) -> Any:
        return await _rows(connection, statement)

    return await wanted(fetch)


async def _turn(connection: AsyncConnection, told: Sequence[Wanted], now: datetime) -> dict[str, tuple[float, int]]:
    found = {}
    for rule in RULES.values():
        begun = time.perf_counter()
        rows = await _rows(connection, changes(rule, now, cutoffs(rule, told, now, {})))
        found[rule.name] = (time.perf_counter() - begun, len(rows))
    return found


async def _plan(connection: AsyncConnection, rule: Rule, told: Sequence[Wanted], now: datetime) -> None:
    statement, given, raw = await _compiled(connection, changes(rule, now, cutoffs(rule, told, now, {})))
    for row in await raw.fetch(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY) {statement}", *given, timeout=3_000):
        print("   ", row[0])


async def _open_the_others(url: str, told: Sequence[Wanted], now: datetime) -> None:
    """Open every other alert that is due, without what goes with it."""
    engine = create_engine(url)
    async with engine.begin() as connection:
        for rule in RULES.values():
            statement, given, raw = await _compiled(connection, due(rule, now, cutoffs(rule, told, now, {})))
            insert = OPEN_ALERTS.format(about=rule.habit.about.value, rule=rule.name, due=statement)
            await raw.execute(insert, *given, timeout=3_000)
        await connection.execute(text("ANALYZE alert"))
    await engine.dispose()


async def _compiled(connection: AsyncConnection, statement: Any) -> tuple[str, list[Any], Any]:
    """SQL, its parameters, and the driver's connection."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    raw: Any = (await connection.get_raw_connection()).driver_connection
    return str(compiled), [compiled.params[name] for name in compiled.positiontup or []], raw


def _show(turns: Sequence[dict[str, tuple[float, int]]]) -> None:
    print(f"{'rule':34} {'first turn':>18} {'all open':>18} {'a minute later':>18}   load {os.getloadavg()[0]:.1f}")
    for name in RULES:
        print(f"{name:34}", *(f"{turn[name][0]:8.2f} s {turn[name][1]:7}" for turn in turns))
    totals = [(sum(each[0] for each in turn.values()), sum(each[1] for each in turn.values())) for turn in turns]
    print(f"{'all':34}", *(f"{seconds:8.2f} s {rows:7}" for seconds, rows in totals), flush=True)


async def _writing(system: AsyncEngine, app_url: str, told: Sequence[Wanted]) -> None:
    """One organization's turn, with what is written: alerts, facts, timelines and messages."""
    only = told[0].organization_id
    database = Database(app_url, Base, "deals")
    sweep = Sweep(system, database, {}, 60, only=only)
    begun = time.perf_counter()
    await sweep.turn()
    taken = time.perf_counter() - begun
    async with database.read(only) as read:
        count: Any = await read.scalar(text("SELECT count(*) FROM alert"))
    print(f"raised and written in one organization: {count} in {taken:.1f} s, {count / taken:.0f}/s", flush=True)
    await database.close()


async def main(count: int, organizations: int, plans: Sequence[Rule]) -> None:
    """Fill, sweep, show."""
    async with run_postgres() as server:
        name, owner_url = await _owned(server)
        secret = secrets.token_hex(8)
        app_url, system_url = (server.url(name, f"deals_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, owner_url, app_url, system_url)
        begun = time.perf_counter()
        filling: Any = await asyncpg.connect(server.url(name))
        await fill(filling, count, organizations)
        await filling.close()
        print(
            f"{count} open deals in {organizations} organizations, in {time.perf_counter() - begun:.0f} s", flush=True
        )
        system = create_engine(system_url)
        async with system.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            told, now = await _settings(connection), utc_now()
            turns = [await _turn(connection, told, now)]
            for rule in plans:
                print(rule.name)
                await _plan(connection, rule, told, now)
            await _writing(system, app_url, told)
            await _open_the_others(server.url(name), told, now)
            turns.append(await _turn(connection, told, now))
            turns.append(await _turn(connection, told, now + timedelta(minutes=1)))
        _show(turns)
        await system.dispose()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0] if __doc__ else None)
    parser.add_argument("deals", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--organizations", type=int, default=ORGANIZATIONS)
    parser.add_argument("--plans", nargs="*", metavar="RULE", help="show the plans of these rules, or of all")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    named = () if given.plans is None else [RULES[name] for name in given.plans or RULES]
    asyncio.run(main(given.deals, given.organizations, named))
