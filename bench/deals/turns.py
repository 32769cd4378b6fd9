"""The sweep in a process of its own, so that its memory is its own: `python -m bench.deals.turns turns|audit`.

Reads the two addresses from standard input; prints what it did as JSON. `turns` goes on until nothing is left to do.
"""

import asyncio
import json
import resource
import sys
import time
from typing import Any

from prometheus_client import Counter

from chassis.database import Database, create_engine
from services.deals.model import Base
from services.deals.sweeping import metrics
from services.deals.worker import Sweep

STATEMENT_SECONDS = 3_000
_COUNTED = {
    "looked": metrics.LOOKED,
    "raised": metrics.RAISED,
    "closed": metrics.CLOSED,
    "missed": metrics.MISSED,
    "failed": metrics.FAILED,
}


async def _swept(sweep: Sweep, kind: str) -> int:
    """How many turns it took."""
    if kind == "audit":
        await sweep.audit()
        return 1
    turns = 0
    while not turns or sweep._more:
        sweep._more = False
        if not await sweep.turn():
            raise RuntimeError("another replica holds the turn")
        turns += 1
    return turns


def _total(counter: Counter) -> int:
    return int(
        sum(sample.value for told in counter.collect() for sample in told.samples if sample.name.endswith("_total"))
    )


async def _main(kind: str, app: str, system: str) -> dict[str, Any]:
    engine = create_engine(system, statement_seconds=STATEMENT_SECONDS, pool_size=1)
    database = Database(app, Base, "deals")
    sweep = Sweep(engine, database, {}, 60)
    begun, spent = time.perf_counter(), time.process_time()
    turns = await _swept(sweep, kind)
    told = {"turns": turns, "seconds": time.perf_counter() - begun, "cpu": time.process_time() - spent}
    await database.close()
    await engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**told, **{name: _total(counter) for name, counter in _COUNTED.items()}, "memory": memory}


if __name__ == "__main__":
    app_url, system_url = sys.stdin.read().split()
    # The last line: the log goes to standard output too.
    print(json.dumps(asyncio.run(_main(sys.argv[1], app_url, system_url))), flush=True)
