"""The worker's side of imports: claim one, look at its file, do its entries, take it back; any number side by side."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import count, islice
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.admission import bounded
from chassis.auth import Actor, Role
from chassis.database import Database, UnitOfWork
from chassis.identifiers import format_id
from chassis.leases import Leases
from chassis.outages import is_outage
from chassis.wake import Wake
from services.contacts import events
from services.contacts.importing import batches, files, reverting, statistics
from services.contacts.importing.jobs import CHANNEL
from services.contacts.importing.people import Habits, Person, person
from services.contacts.importing.photos import Photos, drop_photos, prepared_photos
from services.contacts.importing.readers.book import Book, UnreadableBook, entries, look_at
from services.contacts.importing.readers.columns import Column, Target
from services.contacts.importing.sampling import sample_of
from services.contacts.importing.tags import make_missing
from services.contacts.model import WORKED, Collaborator, ContactImport, ImportState, Organization
from services.contacts.pictures.preparing import Preparer
from services.contacts.queries import caller
from services.contacts.values import Country

BATCH = 200
BATCH_PHOTO_BYTES = 16 * 1024 * 1024
PREVIEWED = 1000
POLL_SECONDS = 2.0
PAUSE_SECONDS = 2.0
_log = structlog.get_logger(__name__)
_jobs: Any = ContactImport.__table__


class ImportWorker:
    """Works imports off, one at a time. Of several workers, the one whose lease is on an import has it."""

    def __init__(
        self, database: Database, system: AsyncEngine, lease_seconds: float = 30.0, max_tags: int = 1000
    ) -> None:
        self._database = database
        self._system = system
        self._leases = Leases(system, _jobs, lease_seconds)
        self._max_tags = max_tags

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; an import that was begun is gone on with at the next start."""
        async with Wake(self._system, CHANNEL) as wake:
            while not stop.is_set():
                try:
                    if not await self.work_one(stop):
                        await wake.wait(stop, POLL_SECONDS)
                except Exception as error:
                    _log.error("imports paused", error=repr(error)[:300], exc_info=not is_outage(error))
                    await wake.pause(stop, PAUSE_SECONDS)

    async def work_one(self, stop: asyncio.Event) -> bool:
        """Claim one import and work on it; whether there was one."""
        async with self._leases.claim(_jobs.c.state.in_(WORKED)) as claimed:
            if claimed is None:
                return False
            try:
                await self._work(claimed, claimed.lease, stop)
            except Exception as error:
                if is_outage(error):
                    raise
                _log.exception("import failed", import_id=format_id("import", claimed.id))
                await self._fail(claimed, claimed.lease, "INTERNAL")
        return True

    async def _work(self, claimed: Row[Any], lease: UUID, stop: asyncio.Event) -> None:
        run = _Run(self._database, claimed, lease, stop, self._max_tags)
        if claimed.state is ImportState.REVERTING:
            await run.revert()
            return
        async with files.on_disk(self._database, claimed.organization_id, claimed.id) as file:
            try:
                await (run.inspect(file) if claimed.state is ImportState.INSPECTING else run.write(file))
            except UnreadableBook as error:
                await self._fail(claimed, lease, error.code)

    async def _fail(self, claimed: Row[Any], lease: UUID, code: str) -> None:
        async with self._database.unit_of_work(Actor.system(claimed.organization_id)) as work:
            job = await batches.held(work, claimed.id, lease, claimed.state)
            if job is not None:
                job.change(None, work.now, {"state": ImportState.FAILED, "failure": code})
                await work.emit(events.import_moved(job))
                await files.drop_chunks(work, claimed.id)


class _Run:
    """One worker's turn at one import."""

    def __init__(self, database: Database, claimed: Row[Any], lease: UUID, stop: asyncio.Event, max_tags: int) -> None:
        self._database = database
        self._max_tags = max_tags
        self._id: UUID = claimed.id
        self._lease = lease
        self._state = claimed.state
        self._stop = stop
        self._pictures = Preparer()
        # Written in the name of whoever started the import.
        self._actor = Actor(claimed.organization_id, claimed.created_by_id, Role.ADMIN)

    def _unit(self) -> UnitOfWork:
        return self._database.unit_of_work(self._actor)

    async def inspect(self, file: BinaryIO) -> None:
        """Find out what the file is, how many entries it has, and what the first ones would give."""
        habits, book = await self._habits(), await asyncio.to_thread(look_at, file)
        people, total = await asyncio.to_thread(_first_people, file, book, habits)
        if not total:
            raise UnreadableBook("NO_ENTRIES")
        sample = await asyncio.to_thread(sample_of, file, book)
        async with self._unit() as work:
            job = await batches.held(work, self._id, self._lease, self._state)
            if job is None:
                return
            found = {"state": ImportState.READY, "book": asdict(book), "sample": sample, "total": total}
            job.change(None, work.now, found)
            await work.emit(events.import_moved(job))
            await batches.add_problems(work, job, await batches.wanted(work, people))

    async def write(self, file: BinaryIO) -> None:
        """Do the entries that are not done yet."""
        habits = await self._habits()
        async with self._unit() as work:
            job = await batches.held(work, self._id, self._lease, self._state)
            if job is None:
                return
            habits = replace(habits, companies=job.companies)
            book, mapping, done = book_of(job.book or {}), mapping_of(job.mapping), job.position
        source = islice(entries(file, book, mapping), done, None)
        for batch in count():
            people = await asyncio.to_thread(_people, source, habits)
            await self._prepare(batch, people, habits)
            photos = await prepared_photos(self._pictures, people)
            if self._stop.is_set() or not await self._batch(people, photos, done):
                return
            done += len(people)

    async def _prepare(self, batch: int, people: Sequence[Person], habits: Habits) -> None:
        """What a batch needs and does not wait for in its own transaction."""
        if statistics.are_due(batch):
            async with self._unit() as work:
                await statistics.renew(work)
        if any(each.tags for each in people):
            async with self._unit() as work:
                await make_missing(work, people, self._max_tags, habits.locale)

    async def _batch(self, people: Sequence[Person], photos: Photos, done: int) -> bool:
        """Do some entries, or end the import after the last; whether there is more to do."""
        async with self._unit() as work:
            job = await batches.held(work, self._id, self._lease, self._state)
            if job is None or job.position != done:
                return False
            if not people:
                job.change(None, work.now, {"state": ImportState.DONE, "total": done})
                await work.emit(events.import_moved(job))
                await files.drop_chunks(work, self._id)
                return False
            await batches.take(work, job, people, photos)
            job.updated_at = work.now
            await work.emit(events.import_moved(job))
            return True

    async def revert(self) -> None:
        """Take back what the import did."""
        while not self._stop.is_set():
            async with self._unit() as work:
                job = await batches.held(work, self._id, self._lease, self._state)
                if job is None:
                    return
                left = await reverting.take_back_some(work, job, BATCH)
                if not left:
                    await drop_photos(work, self._id)
                    job.change(None, work.now, {"state": ImportState.REVERTED})
                await work.emit(events.import_moved(job))
                if not left:
                    return

    async def _habits(self) -> Habits:
        async with self._database.read(self._actor.organization) as read:
            self._actor = bounded(self._actor, await caller(read, self._actor))
            country = await read.scalar(select(Organization.country))
            locale = await read.scalar(select(Collaborator.locale).where(Collaborator.id == self._actor.collaborator))
            return Habits(Country(country), locale or "fr")


def _people(source: Any, habits: Habits) -> list[Person]:
    """The next entries: BATCH of them, or fewer where their photos are heavy."""
    found: list[Person] = []
    held = 0
    for entry in source:
        found.append(person(entry, habits))
        held += len(found[-1].photo or b"")
        if len(found) == BATCH or held > BATCH_PHOTO_BYTES:
            break
    return found


def _first_people(file: BinaryIO, book: Book, habits: Habits) -> tuple[list[Person], int]:
    source = entries(file, book)
    people = [replace(person(entry, habits), photo=None) for entry in islice(source, PREVIEWED)]
    return people, len(people) + sum(1 for _ in source)


def book_of(told: dict[str, Any]) -> Book:
    """A book as its import remembers it."""
    return Book(**{**told, "mapping": mapping_of(told.get("mapping")) or []})


def mapping_of(told: Sequence[Sequence[Any]] | None) -> list[Column] | None:
    """A mapping as an import remembers it."""
    return None if told is None else [Column(position, Target(target), kind) for position, target, kind in told]
