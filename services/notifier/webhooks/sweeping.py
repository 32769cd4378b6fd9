"""Messages to endpoints are kept for a while, to be replayed, and then forgotten."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.model import Attempt, Cause, CauseKind, Delivery, Queue

_MANY = 5_000


async def sweep_webhooks(system: AsyncEngine, days: int) -> None:
    """Forget what is older, a few thousand at a time."""
    while await _sweep(system, timedelta(days=days)):
        pass
    old = (Cause.kind == CauseKind.WEBHOOK.value, Cause.at < func.now() - timedelta(days=days + 1))
    async with system.begin() as connection:
        await connection.execute(delete(Cause).where(*old))


async def _sweep(system: AsyncEngine, age: timedelta) -> bool:
    old = (Delivery.queue == Queue.WEBHOOK.value, Delivery.created_at < func.now() - age)
    async with system.begin() as connection:
        ids = (await connection.execute(select(Delivery.id).where(*old).limit(_MANY))).scalars().all()
        await connection.execute(delete(Attempt).where(Attempt.delivery_id.in_(ids)))
        await connection.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return len(ids) == _MANY
