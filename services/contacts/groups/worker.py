"""Keeps the members of groups: what changed is followed at once, dynamic groups are computed when they are due.

One worker at a time has an organization, by a lock of its transaction: what it read of a contact is never written over
what another read later. A worker that dies leaves no trace; its part is done again by the next.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.arrays import one_of
from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from chassis.outages import is_outage
from chassis.wake import Wake
from services.contacts.commands.groups import CHANNEL
from services.contacts.groups import membership, refreshing
from services.contacts.model import Group, GroupDue, GroupKind, Interlocutor
from services.contacts.schema import definitions

BATCH = 1_000
ORGANIZATIONS = 100
POLL_SECONDS = 2.0
PAUSE_SECONDS = 2.0
_TAKEN = text("SELECT pg_try_advisory_xact_lock(:class, hashtext(:organization))")
_LOCK_CLASS = 0x6709
# What a change of these touches: every group whose definition has the condition.
_READ_BY = {"collaborator": "relationshipManager", "team": "relationshipManager"}
Act = Callable[[UnitOfWork], Awaitable[bool]]
_log = structlog.get_logger(__name__)


class GroupWorker:
    """Any number side by side. `clock_every`: how often groups are computed whose members come and go with the days;
    `repair_every`: how often the others are, in case a change was missed.
    """

    def __init__(
        self, database: Database, system: AsyncEngine, clock_every: timedelta, repair_every: timedelta
    ) -> None:
        self._database = database
        self._system = system
        self._clock_every = clock_every
        self._repair_every = repair_every

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        async with Wake(self._system, CHANNEL) as wake:
            while not stop.is_set():
                try:
                    if not await self.turn():
                        await wake.wait(stop, POLL_SECONDS)
                except Exception as error:
                    _log.error("groups paused", error=repr(error)[:300], exc_info=not is_outage(error))
                    await wake.pause(stop, PAUSE_SECONDS)

    async def turn(self) -> bool:
        """One batch of changes and one part of a group for each organization that waits; whether there was any."""
        done = [await self._serve(organization) for organization in await self._waiting()]
        return any(done)

    async def _waiting(self) -> list[UUID]:
        changed = select(GroupDue.organization_id).distinct().limit(ORGANIZATIONS)
        due = select(Group.organization_id).distinct().where(*_due()).limit(ORGANIZATIONS)
        async with self._system.connect() as connection:
            found = [*await connection.scalars(changed), *await connection.scalars(due)]
        return list(dict.fromkeys(found))

    async def _serve(self, organization: UUID) -> bool:
        return any([await self._unit(organization, self._follow), await self._unit(organization, self._compute)])

    async def _unit(self, organization: UUID, act: Act) -> bool:
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            if not await work.session.scalar(_TAKEN, {"class": _LOCK_CLASS, "organization": str(organization)}):
                return False
            return await act(work)

    async def _follow(self, work: UnitOfWork) -> bool:
        """Take the oldest changes, and find out what they change."""
        oldest = select(GroupDue.position).order_by(GroupDue.position).limit(BATCH)
        taken = delete(GroupDue).where(GroupDue.position.in_(oldest))
        rows = await work.session.execute(taken.returning(GroupDue.aggregate, GroupDue.aggregate_id))
        changed: dict[str, set[UUID]] = defaultdict(set)
        for aggregate, id in rows:
            changed[aggregate].add(id)
        if not changed:
            return False
        contacts = sorted(await _contacts(work, changed))
        for start in range(0, len(contacts), BATCH):
            ids = contacts[start : start + BATCH]
            await membership.follow_deletions(work, ids)
            await refreshing.follow(work, ids)
        await _have_computed(work, changed.keys() - {"contact", "account", "interlocutor"})
        return True

    async def _compute(self, work: UnitOfWork) -> bool:
        """The next part of the group that waited longest."""
        chosen = select(Group).where(*_due()).order_by(Group.refresh_due_at).limit(1).with_for_update()
        group = await work.session.scalar(chosen)
        if group is None:
            return False
        relative = definitions.depends_on_time(group.definition or {})
        await refreshing.step(work, group, self._clock_every if relative else self._repair_every)
        return True


def _due() -> tuple[ColumnElement[bool], ...]:
    return (Group.refresh_due_at <= func.now(), Group.deleted_at.is_(None))


async def _contacts(work: UnitOfWork, changed: dict[str, set[UUID]]) -> set[UUID]:
    """The contacts that a change is about: those themselves, and those who speak or spoke for a company."""
    links = select(Interlocutor.contact_id)
    found = set(changed["contact"])
    for column, aggregate in ((Interlocutor.id, "interlocutor"), (Interlocutor.account_id, "account")):
        if ids := changed[aggregate]:
            found.update(await work.session.scalars(links.where(one_of(column, ids))))
    return found


async def _have_computed(work: UnitOfWork, aggregates: Iterable[str]) -> None:
    """Have the groups computed that a change of other things may touch."""
    wanted = {_READ_BY.get(aggregate) for aggregate in aggregates}
    if not wanted:
        return
    dynamic = select(Group).where(Group.kind == GroupKind.DYNAMIC, Group.deleted_at.is_(None))
    groups = [
        group.id
        for group in await work.session.scalars(dynamic)
        if any(name is None or definitions.mentions(group.definition or {}, name) for name in wanted)
    ]
    again = update(Group).where(Group.id.in_(groups))
    await work.session.execute(again.values(refresh_due_at=work.now, refresh_after=None, problem=None))
