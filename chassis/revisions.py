"""Which migrations a database has, told without Alembic: only the migrate step pays for importing it.

Migration files are numbered, `0001_tables.py`; a revision's id is its file's name or the number alone.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_CURRENT = text("SELECT version_num FROM alembic_version")


class NotAtHead(Exception):
    """The database is at another revision than the code."""


def newest(folder: Path) -> str:
    """The name of the newest migration in a service's migrations folder."""
    return max(path.stem for path in (folder / "versions").glob("[0-9]*.py"))


async def check_at_head(engine: AsyncEngine, folder: Path) -> None:
    """Raise NotAtHead unless the database has exactly the migrations of this code."""
    expected = newest(folder)
    async with engine.connect() as connection:
        actual = str(await connection.scalar(_CURRENT))
    if not f"{expected}_".startswith(f"{actual}_"):
        raise NotAtHead(f"database at {actual}, code at {expected}: run the migrate step")
