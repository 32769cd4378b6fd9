"""The worker's side: what changed is looked at again, and searches over the whole base are worked off."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor, Role
from chassis.database import Database, UnitOfWork
from chassis.identifiers import format_id
from chassis.leases import Leases
from chassis.outages import is_outage
from services.contacts.duplicates.pairs import examine
from services.contacts.model import (
    Account,
    Contact,
    ContactImport,
    DuplicateDue,
    DuplicateKind,
    DuplicateSearch,
    DuplicateSearchState,
    ImportState,
)

BATCH = 200
POLL_SECONDS = 1.0
PAUSE_SECONDS = 2.0
_log = structlog.get_logger(__name__)
_searches: Any = DuplicateSearch.__table__
_TABLES: dict[DuplicateKind, type[Contact] | type[Account]] = {
    DuplicateKind.CONTACT: Contact,
    DuplicateKind.ACCOUNT: Account,
}


class DuplicateWorker:
    """Any number side by side: what changed is taken with SKIP LOCKED, a search by whoever has its lease."""

    def __init__(self, database: Database, system: AsyncEngine, lease_seconds: float = 30.0) -> None:
        self._database = database
        self._system = system
        self._leases = Leases(system, _searches, lease_seconds)

    async def follow(self, stop: asyncio.Event) -> None:
        """Look at what changed, until told to stop."""
        await _repeat(self.examine_due, stop, "changed records not looked at")

    async def search(self, stop: asyncio.Event) -> None:
        """Work searches off, until told to stop; one that was begun is gone on with at the next start."""
        await _repeat(lambda: self.search_one(stop), stop, "search for duplicates paused")

    async def examine_due(self) -> bool:
        """Look at the oldest changes of one organization; whether there were any."""
        # What another worker is at is passed over, so that the other organizations do not wait for it.
        async with self._system.begin() as connection:
            organization = await connection.scalar(_free())
        if organization is None:
            return False
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            return await _take_due(work)

    async def search_one(self, stop: asyncio.Event) -> bool:
        """Claim one search and work on it; whether there was one."""
        async with self._leases.claim(_searches.c.state == DuplicateSearchState.RUNNING) as claimed:
            if claimed is None:
                return False
            actor = Actor(claimed.organization_id, claimed.created_by_id, Role.COLLABORATOR)
            try:
                while not stop.is_set():
                    async with self._database.unit_of_work(actor) as work:
                        if not await _search_on(work, claimed.id, claimed.lease):
                            break
            except Exception as error:
                if is_outage(error):
                    raise
                _log.exception("search for duplicates failed", search=format_id("duplicate_search", claimed.id))
                await self._fail(actor, claimed.id)
        return True

    async def _fail(self, actor: Actor, id: UUID) -> None:
        async with self._database.unit_of_work(actor) as work:
            search = await work.session.get_one(DuplicateSearch, id, with_for_update=True)
            search.change(None, work.now, {"state": DuplicateSearchState.FAILED})


def _free() -> Select[UUID]:
    """The organization that waited longest.

    While an import of its own is being written nothing of it is looked at: whoever comes with it is compared once all
    are there, and the import has the machine.
    """
    busy = exists().where(
        ContactImport.organization_id == DuplicateDue.organization_id,
        ContactImport.state == ImportState.RUNNING,
        ContactImport.lease_until > func.now(),
    )
    waiting = select(DuplicateDue.organization_id).where(~busy).order_by(DuplicateDue.id)
    return waiting.limit(1).with_for_update(of=DuplicateDue, skip_locked=True)


async def _take_due(work: UnitOfWork) -> bool:
    due = DuplicateDue
    chosen = select(due.id).where(due.organization_id == work.organization).order_by(due.id).limit(BATCH)
    mine = chosen.with_for_update(skip_locked=True)
    taken = (await work.session.execute(delete(due).where(due.id.in_(mine)).returning(due.kind, due.subject_id))).all()
    by_kind: dict[DuplicateKind, set[UUID]] = defaultdict(set)
    for kind, id in taken:
        by_kind[DuplicateKind(kind)].add(id)
    for kind, ids in by_kind.items():
        await examine(work, kind, sorted(ids))
    return bool(taken)


async def _search_on(work: UnitOfWork, id: UUID, lease: UUID) -> bool:
    """One batch of a search, with its position; whether there is more to do."""
    search = await work.session.scalar(select(DuplicateSearch).where(DuplicateSearch.id == id).with_for_update())
    if search is None or search.lease != lease or search.state is not DuplicateSearchState.RUNNING:
        return False
    ids = await _next(work, _TABLES[search.kind], search.after_id)
    if ids:
        search.found_count += await examine(work, search.kind, ids)
        search.after_id, search.position = ids[-1], search.position + len(ids)
    elif search.kind is DuplicateKind.CONTACT:
        search.kind, search.after_id = DuplicateKind.ACCOUNT, None
    else:
        search.change(None, work.now, {"state": DuplicateSearchState.DONE, "total": search.position})
        return False
    search.updated_at = work.now
    return True


async def _next(work: UnitOfWork, table: type[Contact] | type[Account], after: UUID | None) -> list[UUID]:
    # The organization is named although row-level security holds: so that the unique index gives the order.
    mine = (table.organization_id == work.organization, table.deleted_at.is_(None))
    statement = select(table.id).where(*mine).order_by(table.organization_id, table.id).limit(BATCH)
    return list(await work.session.scalars(statement if after is None else statement.where(table.id > after)))


async def _repeat(turn: Callable[[], Awaitable[bool]], stop: asyncio.Event, fault: str) -> None:
    while not stop.is_set():
        seconds = 0.0
        try:
            seconds = 0.0 if await turn() else POLL_SECONDS
        except Exception as error:
            _log.error(fault, error=repr(error)[:300], exc_info=not is_outage(error))
            seconds = PAUSE_SECONDS
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)
