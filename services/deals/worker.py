"""The service's own loop: the sweep of the alert rules."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy import ColumnElement, Executable, Row, Select, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from services.deals.commands import alerts as commands
from services.deals.commands import escalation
from services.deals.commands.health import keep_day, unkept
from services.deals.commands.raising import raise_alerts
from services.deals.model import Alert
from services.deals.queries import alerts as queries
from services.deals.queries.wanted import cutoffs, wanted
from services.deals.rules import RULES
from services.deals.rules.base import Rule
from services.deals.values.alert_settings import Cutoff, Wanted

BATCH = 200
_LOCK = 0xA1E7
_MEMORY = "128MB"
"""What one step of a rule's query may take; one sweep runs at a time, one query after the other."""

RAISED = Counter("liant_deals_alerts_raised_total", "Alerts raised", ["rule"])
CLOSED = Counter("liant_deals_alerts_closed_total", "Alerts closed by a sweep: their cause was gone", ["rule"])
ESCALATED = Counter("liant_deals_alerts_escalated_total", "Alerts handed over as nobody took charge")
FAILED = Counter("liant_deals_rules_failed_total", "Turns of a rule that failed", ["rule"])
SECONDS = Histogram("liant_deals_sweep_seconds", "Time of one turn of all rules")

_log = structlog.get_logger(__name__)
Write = Callable[[UnitOfWork, list[UUID]], Awaitable[int]]


class Sweep:
    """Looks over all organizations for what is to raise and to close. Run as many as you like: one at a time works.

    The system role finds, and may only read; what was found is written organization by organization, in its scope.
    """

    def __init__(
        self,
        system: AsyncEngine,
        database: Database,
        thresholds: Mapping[str, timedelta],
        seconds: float,
        rules: Iterable[Rule] = tuple(RULES.values()),
        only: UUID | None = None,
    ) -> None:
        """`only` keeps it to one organization."""
        self._system = system
        self._database = database
        self._thresholds = thresholds
        self._seconds = seconds
        self._rules = tuple(rules)
        self._only = only

    async def run(self, stop: asyncio.Event) -> None:
        """A turn now and each `seconds`, until told to stop. A turn that fails is told, and the next one tried."""
        while not stop.is_set():
            try:
                await self.turn()
            except Exception:
                _log.exception("sweep failed, will retry")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)

    async def turn(self) -> bool:
        """One turn of every rule, unless another replica is at it. Whether it was ours."""
        async with self._system.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            async with held(connection, _LOCK) as mine:
                if mine:
                    with SECONDS.time():
                        await self._with_memory(connection)
                return mine

    async def _with_memory(self, connection: AsyncConnection) -> None:
        # What happened on a million deals is put together in memory: on disk it takes twice as long.
        await connection.execute(text("SELECT set_config('work_mem', :memory, false)"), {"memory": _MEMORY})
        try:
            await self._all(connection)
        finally:
            await connection.execute(text("RESET work_mem"))

    async def _all(self, connection: AsyncConnection) -> None:
        now = self._database.clock()
        told = [each for each in await wanted(partial(_rows, connection)) if self._only in {None, each.organization_id}]
        slept = await _rows(connection, self._alerts(queries.slept_enough(now)))
        await self._per_organization([(row.organization_id, row.id) for row in slept], _wake)
        await self._escalate(connection, told, now)
        for rule in self._rules:
            try:
                await self._rule(connection, rule, cutoffs(rule, told, now, self._thresholds))
            except Exception:
                # One rule's fault must not stop the others; it is tried again at the next turn.
                FAILED.labels(rule.name).inc()
                _log.exception("rule failed", rule=rule.name)

        await self._keep_the_day(connection, now)

    async def _keep_the_day(self, connection: AsyncConnection, now: datetime) -> None:
        try:
            rows = await _rows(connection, unkept(now, self._only))
            await self._per_organization([(row.id, row.id) for row in rows], keep_day)
        except Exception:
            _log.exception("health not kept, the next turn will")

    async def _escalate(self, connection: AsyncConnection, told: Sequence[Wanted], now: datetime) -> None:
        rows = await _rows(connection, escalation.waiting(self._only))
        overdue = escalation.overdue(rows, {each.organization_id: each for each in told}, now)
        ESCALATED.inc(await self._per_organization(overdue, escalation.escalate))

    async def _rule(self, connection: AsyncConnection, rule: Rule, cut: Sequence[Cutoff]) -> None:
        now = self._database.clock()
        own = _by_organization(cut)

        async def close(work: UnitOfWork, subjects: list[UUID]) -> int:
            return await commands.close_all(work, queries.over(rule, work.now, own[work.organization], subjects))

        async def begin(work: UnitOfWork, subjects: list[UUID]) -> int:
            return await raise_alerts(work, rule, own[work.organization], subjects)

        found = await _rows(connection, queries.changes(rule, now, cut, self._only))
        closed = await self._per_organization(
            [(row.organization_id, row.subject_id) for row in found if row.closes], close
        )
        raised = await self._per_organization(
            [(row.organization_id, row.subject_id) for row in found if row.raises], begin
        )
        CLOSED.labels(rule.name).inc(closed)
        RAISED.labels(rule.name).inc(raised)
        if closed or raised:
            _log.info("rule swept", rule=rule.name, raised=raised, closed=closed)

    def _alerts(self, where: ColumnElement[bool]) -> Select[*tuple[UUID, UUID]]:
        scope = Alert.organization_id == self._only if self._only else true()
        return select(Alert.organization_id, Alert.id).where(where, scope).order_by(Alert.organization_id, Alert.id)

    async def _per_organization(self, rows: Iterable[tuple[UUID, UUID]], write: Write) -> int:
        """Short transactions, each of a batch of one organization's."""
        written = 0
        for organization, group in groupby(rows, key=itemgetter(0)):
            for batch in _batches([row[1] for row in group]):
                written += await self._write(organization, batch, write)
        return written

    async def _write(self, organization: UUID, ids: list[UUID], write: Write) -> int:
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                work.cause = "sweep"
                return await write(work, ids)
        except Exception:
            _log.exception("alerts not written, the next turn will", organization=str(organization))
            return 0


async def _wake(work: UnitOfWork, alerts: list[UUID]) -> int:
    return await commands.wake(work, queries.slept_enough(work.now) & Alert.id.in_(alerts))


def _by_organization(cut: Sequence[Cutoff]) -> Mapping[UUID, list[Cutoff]]:
    own: dict[UUID, list[Cutoff]] = defaultdict(list)
    for cutoff in cut:
        own[cutoff.organization_id].append(cutoff)
    return own


async def _rows(connection: AsyncConnection, statement: Executable) -> Sequence[Row[Any]]:
    return (await connection.execute(statement)).all()


def _batches(ids: Sequence[UUID]) -> list[list[UUID]]:
    return [list(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]


@asynccontextmanager
async def held(connection: AsyncConnection, key: int) -> AsyncIterator[bool]:
    """The turn, if no other replica holds it; should this one die, PostgreSQL lets go of it."""
    mine = bool(await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
    try:
        yield mine
    finally:
        if mine:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
