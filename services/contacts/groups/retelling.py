"""`python -m services.contacts groups`: every group is computed and told anew, for copies that are in doubt."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import telemetry
from chassis.auth import Actor
from chassis.database import Database, create_engine
from services.contacts import model
from services.contacts.groups import membership
from services.contacts.model import Group, GroupKind
from services.contacts.settings import ContactsSettings

PAGE = 100
_log = structlog.get_logger(__name__)


async def groups() -> None:
    """The command. Workers need not stand still: a group is told within its lock."""
    settings = ContactsSettings.load_or_exit()
    telemetry.configure(settings, "contacts-groups")
    database = Database(str(settings.database_url), model.Base, "contacts")
    system = create_engine(str(settings.database_system_url))
    try:
        _log.info("groups told anew", groups=await retell_all(database, system))
    finally:
        await database.close()
        await system.dispose()


async def retell_all(database: Database, system: AsyncEngine, organization: UUID | None = None) -> int:
    """Tell the members of every group again, and have the dynamic ones computed; how many groups."""
    told = 0
    async for tenant, id in _every(system, organization):
        async with database.unit_of_work(Actor.system(tenant)) as work:
            group = await work.session.get_one(Group, id, with_for_update=True)
            await membership.retell(work, group)
            if group.kind is GroupKind.DYNAMIC:
                group.refresh_due_at, group.refresh_after = work.now, None
        told += 1
    return told


async def _every(system: AsyncEngine, organization: UUID | None) -> AsyncIterator[tuple[UUID, UUID]]:
    after: UUID | None = None
    while rows := await _page(system, organization, after):
        for row in rows:
            yield row.organization_id, row.id
        after = rows[-1].id


async def _page(system: AsyncEngine, organization: UUID | None, after: UUID | None) -> list[Any]:
    statement = select(Group.organization_id, Group.id).order_by(Group.id).limit(PAGE)
    if organization is not None:
        statement = statement.where(Group.organization_id == organization)
    async with system.connect() as connection:
        return [*await connection.execute(statement if after is None else statement.where(Group.id > after))]
