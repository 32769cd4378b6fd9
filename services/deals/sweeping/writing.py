"""What was found, written organization by organization in its own scope, by short transactions."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import structlog

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from services.deals.sweeping.metrics import UNWRITTEN

BATCH = 200
_log = structlog.get_logger(__name__)
Write = Callable[[UnitOfWork, list[UUID]], Awaitable[int]]


async def write_each(database: Database, rows: Iterable[tuple[UUID, UUID]], write: Write) -> int:
    """Write batches of one organization's each; `rows` are organization and id, in the order of the former."""
    written = 0
    for organization, group in groupby(rows, key=itemgetter(0)):
        for batch in _batches([row[1] for row in group]):
            written += await _write(database, organization, batch, write)
    return written


async def _write(database: Database, organization: UUID, ids: list[UUID], write: Write) -> int:
    """What cannot be written is parted until only the one that is at fault is left out, and tried again later."""
    try:
        async with database.unit_of_work(Actor.system(organization)) as work:
            work.cause = "sweep"
            return await write(work, ids)
    except Exception:
        if len(ids) == 1:
            UNWRITTEN.inc()
            _log.exception("alert not written, will retry", organization=str(organization), subject=str(ids[0]))
            return 0
    half = len(ids) // 2
    return sum([await _write(database, organization, part, write) for part in (ids[:half], ids[half:])])


def _batches(ids: Sequence[UUID]) -> list[list[UUID]]:
    return [list(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]
