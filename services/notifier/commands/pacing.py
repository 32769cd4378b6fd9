"""How fast mails go: to one domain, and of one organization, whatever the number of replicas.

A pace is the moment at which the next mail may go (a leaky bucket as one number: GCRA). Spending moves it on; after a
pause it lets a burst go at once. A domain that answers 421 or 451 is slowed down alone, and recovers mail by mail.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.model import Queue
from services.notifier.queries import Found

BULK = 3
"""From this priority on, mails wait for those before them, also where those come later."""
_SHARED = UUID(int=0)  # whose row a domain's pace is: every organization's
_SLOWEST = 64.0
_EASE = 0.9
_HORIZON = timedelta(minutes=10)
"""No mail is put off for longer than this at once, so that another pace soon holds for it."""

_SPEND = text(
    """
    WITH asked AS (
        SELECT * FROM unnest(CAST(:organizations AS uuid[]), CAST(:domains AS text[]), CAST(:bulks AS boolean[]),
                             CAST(:seconds AS double precision[])) AS t (organization_id, domain, bulk, seconds)
    ), held AS (
        SELECT pace.*, asked.seconds * pace.slowness AS step,
            greatest(next_at, clock_timestamp() - CAST(:burst AS interval)) AS start
        FROM pace JOIN asked USING (organization_id, domain, bulk) WHERE queue = :queue
        ORDER BY organization_id, domain, bulk FOR UPDATE OF pace
    )
    UPDATE pace
    SET next_at = least(held.start + make_interval(secs => held.step), clock_timestamp() + CAST(:horizon AS interval))
    FROM held
    WHERE pace.queue = held.queue AND pace.organization_id = held.organization_id AND pace.domain = held.domain
      AND pace.bulk = held.bulk
    RETURNING pace.organization_id, pace.domain, pace.bulk, pace.slowness, held.start, clock_timestamp() AS now
    """
)
_BEGIN = text(
    """
    INSERT INTO pace (queue, organization_id, domain, bulk, next_at, slowness, slowed_at)
    VALUES (:queue, :organization_id, :domain, :bulk, clock_timestamp() - CAST(:burst AS interval), 1, '-infinity')
    ON CONFLICT DO NOTHING
    """
)
# Once in a while only: many connections hear of one trouble at the same moment.
_SLOWER = text(
    """
    UPDATE pace SET slowness = least(slowness * 2, :slowest), slowed_at = clock_timestamp(),
        next_at = greatest(next_at, clock_timestamp() + make_interval(secs => slowness))
    WHERE queue = :queue AND organization_id = :shared AND domain = :domain
      AND slowed_at < clock_timestamp() - interval '1 second'
    """
)
_EASED = text(
    """
    UPDATE pace SET slowness = greatest(1, slowness * :ease)
    WHERE queue = :queue AND organization_id = :shared AND domain = :domain AND slowness > 1
    """
)
_Key = tuple[UUID, str, bool]


@dataclass(frozen=True)
class Limits:
    """Mails a second, of an organization and to a domain; after a pause, what `burst` would have let through."""

    organization_rate: float
    domain_rate: float
    burst: timedelta

    def seconds(self, key: _Key) -> float:
        """Between two mails."""
        return 1 / (self.domain_rate if key[1] else self.organization_rate)


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case."""
    return address.rpartition("@")[2].lower()


@dataclass
class Paces:
    """The paces of one queue, as one worker spends them."""

    queue: Queue
    limits: Limits
    _troubled: set[str] = field(default_factory=set)
    _slow: set[str] = field(default_factory=set)
    _taken: Counter[str] = field(default_factory=Counter)

    def deferred(self, address: str) -> None:
        """A domain asked for less."""
        self._troubled.add(domain_of(address))

    def accepted(self, address: str) -> None:
        """A domain takes mail."""
        if (domain := domain_of(address)) in self._slow:
            self._taken[domain] += 1

    async def learn(self, connection: AsyncConnection) -> None:
        """Write down what the domains answered since the last time."""
        shared = {"queue": self.queue.value, "shared": _SHARED}
        for domain in sorted(self._troubled):
            await connection.execute(_SLOWER, {**shared, "domain": domain, "slowest": _SLOWEST})
        for domain, times in sorted(self._taken.items()):
            await connection.execute(_EASED, {**shared, "domain": domain, "ease": _EASE**times})
        self._troubled.clear()
        self._taken.clear()

    async def spend(self, connection: AsyncConnection, rows: Sequence[Found]) -> dict[UUID, datetime]:
        """Count these deliveries; which of them must wait for their domain, and until when."""
        if not rows:
            return {}
        asked: Counter[_Key] = Counter()
        for row in rows:
            asked.update(_keys(row))
        found = await self._moved(connection, asked)
        return dict(self._late(rows, found))

    async def _moved(self, connection: AsyncConnection, asked: Counter[_Key]) -> dict[_Key, Found]:
        found = await self._spent(connection, asked)
        if missing := asked.keys() - found.keys():
            told = {"queue": self.queue.value, "burst": self.limits.burst}
            keys = [dict(zip(("organization_id", "domain", "bulk"), key, strict=True)) for key in sorted(missing)]
            await connection.execute(_BEGIN, [{**told, **key} for key in keys])
            found |= await self._spent(connection, Counter({key: asked[key] for key in missing}))
        self._slow = {domain for (_, domain, _), row in found.items() if row.slowness > 1}
        return found

    async def _spent(self, connection: AsyncConnection, asked: Counter[_Key]) -> dict[_Key, Found]:
        told: dict[str, Any] = {
            "queue": self.queue.value,
            "burst": self.limits.burst,
            "horizon": _HORIZON,
            "organizations": [key[0] for key in asked],
            "domains": [key[1] for key in asked],
            "bulks": [key[2] for key in asked],
            "seconds": [times * self.limits.seconds(key) for key, times in asked.items()],
        }
        rows = await connection.execute(_SPEND, told)
        return {(row.organization_id, row.domain, row.bulk): row for row in rows}

    def _late(self, rows: Sequence[Found], found: dict[_Key, Found]) -> Iterator[tuple[UUID, datetime]]:
        """Slots are given in order; the bulk's come after all that was spent before it."""
        given: Counter[_Key] = Counter()
        for row in sorted(rows, key=lambda row: row.priority):
            keys = [key for key in _keys(row) if key[1]]
            place = {key: given[key] for key in keys}
            given.update(keys)
            if not keys or (pace := found.get(keys[-1])) is None:
                continue
            slot = pace.start + timedelta(seconds=place[keys[-1]] * pace.slowness * self.limits.seconds(keys[-1]))
            if slot > pace.now:
                yield row.id, min(slot, pace.now + _HORIZON)


def _keys(row: Found) -> list[_Key]:
    """The paces that a delivery counts for; the last is the one that it waits for."""
    domain, bulk = domain_of(row.address), row.priority >= BULK
    told = [(row.organization_id, "", False)]
    if domain:
        # Urgent mail counts for the bulk as well, so that both together keep the pace; it waits for urgent mail only.
        told += [(_SHARED, domain, True)] if bulk else [(_SHARED, domain, True), (_SHARED, domain, False)]
    return told
