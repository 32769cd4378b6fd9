"""A replica that kills itself within a turn of the alert rules: `python -m tests.deals.sweeper POINT`.

Reads from standard input, a line each: the application's and the system role's address, the organization, and how many
days ahead its clock is. It dies by SIGKILL when it comes to the point, as a power failure would have it.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import Database, create_engine, utc_now
from services.deals import events, worker
from services.deals.model import Base
from services.deals.sweeping import looking, writing

POINTS: dict[str, tuple[Any, str, int]] = {
    "within a batch, before its commit": (events, "alert_raised", 1),
    "between two batches": (writing, "_write", 2),
    "before it is remembered when to look next": (looking, "remember", 1),
    "before the cues are taken away": (worker, "taken", 1),
}
"""What is about to be called, and at which of its calls the replica dies."""


def _arm(point: str) -> None:
    owner, name, left = POINTS[point]
    step = getattr(owner, name)

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*arguments, **named)

    setattr(owner, name, dying)


async def _main(app: str, system: str, organization: str, days: str) -> None:
    writing.BATCH = 2
    ahead = timedelta(days=int(days))
    database = Database(app, Base, "deals", pool_size=1, clock=lambda: utc_now() + ahead)
    await worker.Sweep(create_engine(system, pool_size=1), database, {}, 60, only=UUID(organization)).turn()


if __name__ == "__main__":
    _arm(sys.argv[1])
    asyncio.run(_main(*sys.stdin.read().split()))
