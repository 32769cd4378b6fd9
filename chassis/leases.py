"""Jobs that one worker at a time works on, by a lease that it renews while it lives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.identifiers import new_id


class Leases:
    """Leases on the rows of a table with `id`, `updated_at`, `lease` and `lease_until`, as the system role sees it."""

    def __init__(self, system: AsyncEngine, table: Table, seconds: float) -> None:
        self._system = system
        self._table = table
        self._seconds = seconds

    @asynccontextmanager
    async def claim(self, waiting: ColumnElement[bool]) -> AsyncIterator[Row[Any] | None]:
        """The row that waited longest, with its new `lease`, held for the length of the block; None where none waits.

        A lease that nobody renews runs out; another worker then claims the row.
        """
        claimed = await self._claim(waiting)
        if claimed is None:
            yield None
            return
        beating = asyncio.create_task(self._keep(claimed.id, claimed.lease))
        try:
            yield claimed
        finally:
            beating.cancel()
            with suppress(Exception):
                await self._set(claimed.id, claimed.lease, {"lease": None, "lease_until": None})

    async def _claim(self, waiting: ColumnElement[bool]) -> Row[Any] | None:
        columns = self._table.c
        free = or_(columns.lease_until.is_(None), columns.lease_until < func.now())
        chosen = select(columns.id).where(waiting, free).order_by(columns.updated_at).limit(1)
        statement = (
            update(self._table)
            .where(columns.id == chosen.with_for_update(skip_locked=True).scalar_subquery())
            .values(lease=new_id(), lease_until=func.now() + timedelta(seconds=self._seconds))
            .returning(*columns)
        )
        async with self._system.begin() as connection:
            return (await connection.execute(statement)).first()

    async def _keep(self, id: UUID, lease: UUID) -> None:
        while True:
            await asyncio.sleep(self._seconds / 3)
            with suppress(Exception):  # an outage: the lease runs out, and the row is claimed again
                await self._set(id, lease, {"lease_until": func.now() + timedelta(seconds=self._seconds)})

    async def _set(self, id: UUID, lease: UUID, values: dict[str, Any]) -> None:
        columns = self._table.c
        statement = update(self._table).where(columns.id == id, columns.lease == lease).values(values)
        async with self._system.begin() as connection:
            await connection.execute(statement)
