"""Which deliveries a worker takes next: the urgent first, one organization as much as another, within their paces.

A strict order of priorities would starve what is last, so that each eighth claim begins at the other end. Rows are
found by walking the index from one priority to the next, and within it from one organization to the next, so that a
backlog of millions of one organization costs another nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notifier.commands.pacing import Paces
from services.notifier.model import Queue
from services.notifier.queries import Found

_NOBODY = UUID(int=0)
_ORGANIZATIONS = 64
"""Organizations that a claim looks at, for each priority; where there are more, each second claim goes on where
the one before it was."""
_LOOK = 50
"""Claims between two looks at whether there are more."""
_TURN = 8
_LOOKS_PAST_LATE = 20
"""Claims in a row that found only what must wait for its domain."""
# After a restart of the database: those who were sending write down what the relay said before others send again.
_GRACE = timedelta(seconds=5)

_WAITING = "status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')"
# Of each organization at most what its pace allows; a change is told after what it changes. Candidates are more than
# are wanted, for those that another replica takes at the same moment.
_LEVELS = f"""
    WITH RECURSIVE level AS (
        (SELECT priority FROM delivery WHERE queue = :queue AND {_WAITING} ORDER BY priority LIMIT 1)
        UNION ALL
        SELECT (SELECT next.priority FROM delivery AS next
                WHERE next.queue = :queue AND next.{_WAITING} AND next.priority > level.priority
                ORDER BY next.priority LIMIT 1)
        FROM level WHERE level.priority IS NOT NULL
    )"""  # noqa: S608  # of constants
_ORGANIZATIONS_OF_LEVEL = f"""
            WITH RECURSIVE walk AS (
                (SELECT organization_id FROM delivery
                 WHERE queue = :queue AND {_WAITING} AND priority = level.priority AND organization_id > :after
                 ORDER BY organization_id LIMIT 1)
                UNION ALL
                SELECT (SELECT next.organization_id FROM delivery AS next
                        WHERE next.queue = :queue AND next.{_WAITING} AND next.priority = level.priority
                          AND next.organization_id > walk.organization_id
                        ORDER BY next.organization_id LIMIT 1)
                FROM walk WHERE walk.organization_id IS NOT NULL
            )
            SELECT organization_id FROM walk WHERE organization_id IS NOT NULL LIMIT :organizations"""  # noqa: S608
_CLAIM = text(
    f"""{_LEVELS}, candidate AS (
        SELECT due.id, row_number() OVER (
            ORDER BY CASE WHEN :turned THEN -level.priority ELSE level.priority END, due.place, due.next_attempt_at
        ) AS rank
        FROM level
        CROSS JOIN LATERAL (
{_ORGANIZATIONS_OF_LEVEL}
        ) AS of
        LEFT JOIN pace ON pace.queue = :queue AND pace.organization_id = of.organization_id AND pace.domain = ''
          AND NOT pace.bulk
        CROSS JOIN LATERAL (
            SELECT one.id, one.next_attempt_at, row_number() OVER (ORDER BY one.next_attempt_at) AS place
            FROM (
                SELECT id, next_attempt_at FROM delivery AS due
                WHERE queue = :queue AND {_WAITING} AND priority = level.priority
                  AND organization_id = of.organization_id AND next_attempt_at <= clock_timestamp()
                  AND (leased_until IS NULL OR leased_until < clock_timestamp())
                  AND (status <> 'SENDING' OR clock_timestamp() > pg_postmaster_start_time() + :grace)
                  AND NOT EXISTS (
                    SELECT 1 FROM delivery AS earlier
                    WHERE earlier.organization_id = due.organization_id AND earlier.cause_kind = due.cause_kind
                      AND earlier.cause_id = due.cause_id AND earlier.revision < due.revision
                      AND (earlier.collaborator_id = due.collaborator_id OR earlier.contact_id = due.contact_id)
                      AND earlier.{_WAITING}
                  )
                ORDER BY next_attempt_at LIMIT :most
            ) AS one
        ) AS due
        WHERE pace.next_at IS NULL OR due.place <= ceil(CAST(:rate AS double precision) * extract(
            epoch FROM clock_timestamp() - greatest(pace.next_at, clock_timestamp() - CAST(:burst AS interval))))
        ORDER BY rank LIMIT 4 * :most
    ), mine AS (
        SELECT delivery.id FROM delivery JOIN candidate USING (id)
        WHERE leased_until IS NULL OR leased_until < clock_timestamp()
        ORDER BY candidate.rank LIMIT :most FOR UPDATE OF delivery SKIP LOCKED
    )
    UPDATE delivery SET leased_by = :worker, leased_until = clock_timestamp() + :lease
    FROM mine WHERE delivery.id = mine.id
    RETURNING delivery.id, delivery.organization_id, delivery.priority, coalesce(
        (SELECT email FROM collaborator WHERE collaborator.organization_id = delivery.organization_id
           AND collaborator.id = delivery.collaborator_id),
        (SELECT email FROM contact WHERE contact.organization_id = delivery.organization_id
           AND contact.id = delivery.contact_id),
        delivery.email, '') AS address
    """  # noqa: S608  # of constants
)
_CROWD = text(
    f"{_LEVELS} SELECT max(many) FROM level CROSS JOIN LATERAL (SELECT count(*) AS many"  # noqa: S608  # of constants
    f" FROM ({_ORGANIZATIONS_OF_LEVEL}) AS seen) AS seen"
)
_PUT_OFF = text(
    "UPDATE delivery SET next_attempt_at = :until, leased_by = NULL, leased_until = NULL, detail = 'DOMAIN_PACE'"
    " WHERE id = :id"
)


@dataclass
class Claims:
    """A worker's claims on one queue, and what it learnt of the paces of domains meanwhile."""

    queue: Queue
    paces: Paces
    _after: UUID = _NOBODY
    _crowded: bool = False
    _turns: "count[int]" = field(default_factory=count)

    async def take(self, engine: AsyncEngine, worker: str, lease: timedelta, most: int) -> list[tuple[UUID, UUID]]:
        """Lease up to `most` due deliveries: pairs of organization and delivery. Empty where there are none."""
        for _ in range(_LOOKS_PAST_LATE):
            async with engine.begin() as connection:
                rows = await self._claimed(connection, worker, lease, most)
                late = await self.paces.spend(connection, rows)
                if late:
                    await connection.execute(_PUT_OFF, [{"id": id, "until": until} for id, until in late.items()])
            if len(late) < len(rows) or not rows:
                return [(row.organization_id, row.id) for row in rows if row.id not in late]
        return []

    async def _claimed(self, connection: AsyncConnection, worker: str, lease: timedelta, most: int) -> Sequence[Found]:
        await self.paces.learn(connection)
        limits, turn = self.paces.limits, next(self._turns)
        walk = {"queue": self.queue.value, "after": _NOBODY, "organizations": _ORGANIZATIONS}
        if turn % _LOOK == 0:
            self._crowded = (await connection.scalar(_CROWD, walk) or 0) >= _ORGANIZATIONS
        goes_on = self._crowded and turn % 2 == 1
        if goes_on:
            walk["after"] = self._after
        told = {"worker": worker, "most": most, "lease": lease, "grace": _GRACE, "turned": turn % _TURN == _TURN - 1}
        pace = {"burst": limits.burst, "rate": limits.organization_rate}
        rows = (await connection.execute(_CLAIM, {**told, **pace, **walk})).all()
        if goes_on:
            self._after = max((row.organization_id for row in rows), default=_NOBODY)
        return rows
