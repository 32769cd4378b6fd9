"""What a whole database still says of somebody."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_TABLES = text(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version'"
)


async def remains(owner: AsyncEngine, *words: str) -> list[tuple[str, str]]:
    """Tables that hold one of these words, and which; bytes are looked through, too. As the superuser."""
    found: list[tuple[str, str]] = []
    async with owner.connect() as connection:
        for table in (await connection.execute(_TABLES)).scalars().all():
            rows = await connection.execute(text(f'SELECT * FROM "{table}"'))
            told = " ".join(_shown(value) for row in rows for value in row)
            found += [(table, word) for word in words if word.lower() in told.lower()]
    return found


def _shown(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
