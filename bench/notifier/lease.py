"""What a claim costs PostgreSQL, with whatever waits."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from services.notifier.commands import claiming
from services.notifier.model import Queue
from tests.notifier.house import House


async def plan_of_a_claim(house: House, most: int = 68) -> str:
    """Time and buffers of one claim of a full reach, undone."""
    told = {
        "queue": Queue.INTERNAL.value,
        "worker": "bench",
        "most": most,
        "lease": timedelta(seconds=1),
        "grace": timedelta(0),
        "turned": False,
        "burst": timedelta(seconds=10),
        "rate": 100_000.0,
        "after": UUID(int=0),
        "organizations": 64,
    }
    async with house.system.connect() as connection:
        statement = text(f"EXPLAIN (ANALYZE, BUFFERS) {claiming._CLAIM.text}")
        for _ in range(2):
            lines = [row[0] for row in await connection.execute(statement, told)]
            await connection.rollback()
    buffers = next(re.sub(r"^\s*Buffers: ", "", line) for line in lines if "Buffers:" in line)
    return f"{buffers}; {'; '.join(line for line in lines if 'Time:' in line)}"
