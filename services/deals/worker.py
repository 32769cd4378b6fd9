"""The service's own loop: the sweep of the alert rules."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Select, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.database import Database, UnitOfWork
from services.deals.commands import alerts as commands
from services.deals.commands import escalation
from services.deals.commands.health import keep_day, unkept
from services.deals.commands.looks import audited, everybody, taken, ticked, turned
from services.deals.model import Alert
from services.deals.queries import alerts as queries
from services.deals.queries import looks
from services.deals.rules import RULES
from services.deals.rules.base import Rule
from services.deals.sweeping.auditing import audit, planned_for_everything
from services.deals.sweeping.looking import Looking, rows_of
from services.deals.sweeping.metrics import ESCALATED, SECONDS
from services.deals.sweeping.writing import write_each

PAGE = 10_000
"""Subjects looked at together: what a turn holds in memory does not grow with what there is to do."""
MOST_PAGES = 10
"""Pages in a turn; where there is more, the next turn follows at once, with the clock of then."""
_LOCK = 0xA1E7
_AT_ONCE = 50
"""Organizations whose subjects are all marked by one statement."""
AUDIT_HOUR = 2

_log = structlog.get_logger(__name__)


class Sweep:
    """Looks at what changed or came due, for what is to raise and to close; each night at everything.

    Run as many as you like: one at a time works. The system role finds, and writes nothing but when to look next; what
    was found is written organization by organization, in its scope.
    """

    def __init__(
        self,
        system: AsyncEngine,
        database: Database,
        thresholds: Mapping[str, timedelta],
        seconds: float,
        rules: Iterable[Rule] = tuple(RULES.values()),
        only: UUID | None = None,
        audit_hour: int = AUDIT_HOUR,
    ) -> None:
        """`only` keeps it to one organization; `audit_hour` is in UTC."""
        self._system = system
        self._database = database
        self._thresholds = thresholds
        self._seconds = seconds
        self._rules = tuple(rules)
        self._only = only
        self._audit_hour = audit_hour
        self._more = False

    async def run(self, stop: asyncio.Event) -> None:
        """A turn now and each `seconds`, until told to stop. A turn that fails is told, and the next one tried."""
        while not stop.is_set():
            self._more = False
            try:
                await self.turn()
            except Exception:
                _log.exception("sweep failed, will retry")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.01 if self._more else self._seconds)

    async def turn(self) -> bool:
        """One turn of every rule, unless another replica is at it. Whether it was ours."""
        async with self._turn() as connection:
            if connection is not None:
                with SECONDS.time():
                    await self._all(connection)
            return connection is not None

    async def audit(self) -> int | None:
        """How many alerts a look at everything finds that no turn had. None where another replica is at it."""
        async with self._turn() as connection:
            return None if connection is None else await self._audit(connection, self._database.clock())

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[AsyncConnection | None]:
        async with self._system.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            async with held(connection, _LOCK) as mine:
                yield connection if mine else None

    async def _all(self, connection: AsyncConnection) -> None:
        now = self._database.clock()
        looking = Looking(connection, self._database, self._rules, self._thresholds, now)
        slept = await rows_of(connection, self._alerts(queries.slept_enough(now)))
        await write_each(self._database, [(row.organization_id, row.id) for row in slept], _wake)
        await self._escalate(connection, looking)
        await self._meet(connection, now)
        if self._more or not await self._drained(connection, looking):
            self._more = True
            return
        await connection.execute(ticked(now, self._only))
        if await rows_of(connection, looks.unaudited(_last(self._audit_hour, now), self._only)):
            await self._audit(connection, now)
        await self._keep_the_day(connection, now)

    async def _meet(self, connection: AsyncConnection, now: datetime) -> None:
        """Organizations that are new, or that other rules or another clock looked at: everything of theirs is due."""
        habits = self._habits()
        found = [row.id for row in await rows_of(connection, looks.strangers(habits, now, self._only))]
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            await connection.execute(everybody(some, now))
            await connection.execute(turned(some, habits, now))

    def _habits(self) -> str:
        """The rules as this release and its settings have them, in a few letters."""
        told = [(rule.name, rule.habit, self._thresholds.get(rule.name)) for rule in self._rules]
        return hashlib.sha256(f"{version('liant')} {told}".encode()).hexdigest()[:16]

    async def _drained(self, connection: AsyncConnection, looking: Looking) -> bool:
        """Look at what was cued, then at what came due, page by page. Whether nothing is left."""
        last, pages = 0, 0
        while (cued := await rows_of(connection, looks.cues(last, PAGE, self._only))) and pages < MOST_PAGES:
            subjects = {row.subject_id: row.organization_id for row in cued}
            for organization in [id for id, whose in subjects.items() if id == whose]:
                del subjects[organization]
                looking.forget(organization)
                await connection.execute(everybody([organization], looking.now))
            await looking.look(subjects)
            await connection.execute(taken([row.id for row in cued]))
            last, pages = cued[-1].id, pages + 1
        while (due := await rows_of(connection, looks.looks(looking.now, PAGE, self._only))) and pages < MOST_PAGES:
            await looking.look({row.subject_id: row.organization_id for row in due})
            pages += 1
        return not (cued or due)

    async def _audit(self, connection: AsyncConnection, now: datetime) -> int:
        async with planned_for_everything(connection):
            looking = Looking(connection, self._database, self._rules, self._thresholds, now)
            missed, whole = await audit(connection, looking, self._only)
        if whole:
            await connection.execute(audited(now, self._only))
        return missed

    async def _keep_the_day(self, connection: AsyncConnection, now: datetime) -> None:
        try:
            rows = await rows_of(connection, unkept(now, self._only))
            await write_each(self._database, [(row.id, row.id) for row in rows], keep_day)
        except Exception:
            _log.exception("health not kept, the next turn will")

    async def _escalate(self, connection: AsyncConnection, looking: Looking) -> None:
        last = UUID(int=0)
        while rows := await rows_of(connection, escalation.waiting(looking.now, self._only, last, PAGE)):
            told = await looking.settings({row.organization_id for row in rows})
            overdue = escalation.overdue(rows, {each.organization_id: each for each in told}, looking.now)
            ESCALATED.inc(await write_each(self._database, overdue, escalation.escalate))
            last = rows[-1].id

    def _alerts(self, where: ColumnElement[bool]) -> Select[*tuple[UUID, UUID]]:
        scope = Alert.organization_id == self._only if self._only else true()
        found = select(Alert.organization_id, Alert.id).where(where, scope)
        return found.order_by(Alert.organization_id, Alert.id).limit(PAGE)


async def _wake(work: UnitOfWork, alerts: list[UUID]) -> int:
    return await commands.wake(work, queries.slept_enough(work.now) & Alert.id.in_(alerts))


def _last(hour: int, now: datetime) -> datetime:
    """The latest moment at which it was this hour (UTC)."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


@asynccontextmanager
async def held(connection: AsyncConnection, key: int) -> AsyncIterator[bool]:
    """The turn, if no other replica holds it; should this one die, PostgreSQL lets go of it."""
    mine = bool(await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
    try:
        yield mine
    finally:
        if mine:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
