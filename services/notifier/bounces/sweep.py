"""Addresses whose mail goes through again, and suppressions that are over."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from services.notifier.bounces.model import Address
from services.notifier.commands.bouncing import recovered
from services.notifier.model import Delivery, Status, Suppression

_AT_ONCE = 500
_KEPT_DAYS = 30

_log = structlog.get_logger(__name__)


async def recover_addresses(database: Database, system: AsyncEngine, quiet: timedelta) -> int:
    """Tell of addresses that took a mail which did not come back within `quiet`; how many."""
    async with system.connect() as connection:
        found = (await connection.execute(_settled(quiet))).all()
    for organization, email in found:
        await _recover(database, organization, email)
    return len(found)


async def _recover(database: Database, organization: UUID, email: str) -> None:
    async with database.unit_of_work(Actor.system(organization)) as work:
        await recovered(work, email)
    _log.info("address recovered", organization=str(organization))


def _settled(quiet: timedelta) -> Select[UUID, str]:
    whose = or_(Delivery.collaborator_id == Address.person_id, Delivery.contact_id == Address.person_id)
    took = exists().where(
        Delivery.organization_id == Address.organization_id,
        whose,
        Delivery.email == Address.email,
        Delivery.status == Status.SENT.value,
        Delivery.sent_at > Address.bounced_at,
        Delivery.sent_at < func.now() - quiet,
    )
    columns = (Address.organization_id, Address.email)
    return select(*columns).where(Address.bounced_at.is_not(None), took).distinct().limit(_AT_ONCE)


async def forget_suppressions(system: AsyncEngine) -> None:
    """Suppressions that were over a while ago."""
    async with system.begin() as connection:
        old = Suppression.until < func.now() - timedelta(days=_KEPT_DAYS)
        await connection.execute(delete(Suppression).where(old))
