"""Entries become contacts: so many in one unit of work, with the import's position, so that none is done twice."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.arrays import add_rows, insert_rows
from chassis.copies import table_of
from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.messages import Outgoing
from chassis.text import folded
from services.contacts import events
from services.contacts.commands import history
from services.contacts.commands.contacts import ContactValues, new_contact
from services.contacts.commands.parts import Parts, set_parts
from services.contacts.commands.protection import protected
from services.contacts.commands.statuses import begun
from services.contacts.commands.tags import tags_named
from services.contacts.importing.companies import Companies
from services.contacts.importing.matching import Known
from services.contacts.importing.merging import Tags, merge, new_tags, snapshot
from services.contacts.importing.people import Person
from services.contacts.importing.photos import Photos, add_photos
from services.contacts.importing.problems import Problem
from services.contacts.model import (
    Contact,
    ContactExternalId,
    ContactImport,
    ContactImportProblem,
    ContactImportRow,
    ContactOrigin,
    ContactStatusChange,
    ImportAction,
    ImportState,
)
from services.contacts.pictures.preparing import Prepared

MAX_PROBLEMS = 50_000


async def held(work: UnitOfWork, id: UUID, lease: UUID, state: ImportState) -> ContactImport | None:
    """The import, locked, while it is this worker's and nobody stopped it."""
    statement = select(ContactImport).where(ContactImport.id == id).with_for_update()
    job = await work.session.scalar(statement)
    return job if job is not None and job.lease == lease and job.state is state else None


async def wanted(work: UnitOfWork, people: Sequence[Person]) -> list[Person]:
    """The entries; of somebody who was erased and is not to be taken in again, only that it is so."""
    unwanted = await protected(work, (reached for person in people for reached in person.reached))
    if not unwanted:
        return [*people]
    refused = (Problem("DO_NOT_CONTACT"),)
    return [Person(each.line, problems=[*refused]) if unwanted & set(each.reached) else each for each in people]


async def take(work: UnitOfWork, job: ContactImport, people: Sequence[Person], photos: Photos) -> None:
    """Do the next entries of an import; `photos` by their places."""
    people = await wanted(work, people)
    # Before the contacts, as whoever deletes or merges a tag locks them.
    tags = await tags_named(work, (folded(name) for person in people for name in person.tags))
    known = await Known.load(work, job.key, people)
    batch = _Batch(work, job, known, await Companies.load(work, job, people, known.ids()), tags)
    for place, person in enumerate(people):
        batch.take(person, photos.get(place))
    await batch.write()


async def add_problems(work: UnitOfWork, job: ContactImport, people: Sequence[Person]) -> None:
    """Keep what was wrong, up to MAX_PROBLEMS; all are counted."""
    rows: list[dict[str, Any]] = []
    for person in people:
        for problem in person.problems:
            job.problem_count += 1
            if job.problem_count <= MAX_PROBLEMS:
                own = {"organization_id": work.organization, "import_id": job.id, "number": job.problem_count}
                rows.append({**own, "line": person.line, **problem._asdict()})
    if rows:
        await insert_rows(work.session, table_of(ContactImportProblem), rows)


class _Batch:
    def __init__(self, work: UnitOfWork, job: ContactImport, known: Known, companies: Companies, tags: Tags) -> None:
        self._work = work
        self._job = job
        self._known = known
        self._companies = companies
        self._tags = tags
        self._people: list[Person] = []
        self._told: list[Outgoing] = []
        self._rows: list[dict[str, Any]] = []
        self._external: list[dict[str, Any]] = []
        self._photos: list[tuple[Contact, Prepared]] = []
        self._added: list[Contact] = []
        self._changed: list[Contact] = []

    def take(self, person: Person, photo: Prepared | None) -> None:
        """Do one entry in memory."""
        self._people.append(person)
        self._job.position += 1
        if person.values is None:
            self._job.skipped_count += 1
            return
        contact = self._known.find(person)
        contact = self._add(person) if contact is None else self._change(contact, person)
        self._known.add(person, contact)
        if photo is not None:
            self._photos.append((contact, photo))
        if person.external_id:
            own = {"organization_id": self._work.organization, "contact_id": contact.id}
            self._external.append({**own, "external_id": person.external_id})

    def _add(self, person: Person) -> Contact:
        values: ContactValues = {**(person.values or {}), "origin": ContactOrigin.IMPORT}
        contact = new_contact(self._work, values, person.emails, person.phones)
        set_parts(contact, Parts(addresses=person.addresses))
        contact.tags.extend(new_tags(contact, person, self._tags))
        self._work.session.add(contact)
        self._companies.take(contact, person)
        self._job.created_count += 1
        self._added.append(contact)
        self._told.append(events.contact_created(contact))
        self._note(contact, ImportAction.CREATED, None)
        return contact

    def _change(self, contact: Contact, person: Person) -> Contact:
        before = snapshot(contact)
        changed = merge(contact, person, self._work.now, self._tags)
        if self._companies.take(contact, person) or changed:
            self._job.updated_count += 1
        else:
            self._job.unchanged_count += 1
        if not changed:
            return contact
        self._changed.append(contact)
        self._told.append(events.contact_changed(contact))
        self._note(contact, ImportAction.UPDATED, before)
        return contact

    def _note(self, contact: Contact, action: ImportAction, before: dict[str, Any] | None) -> None:
        self._rows.append(
            {
                "organization_id": self._work.organization,
                "import_id": self._job.id,
                "entry": self._job.position,
                "contact_id": contact.id,
                "action": action,
                "contact_version": contact.version,
                "before": before,
            }
        )

    async def write(self) -> None:
        """Everything at once: contacts, messages, what was done, what was wrong."""
        session = self._work.session
        await session.flush()
        if self._added:
            begins = [begun(self._work, each) for each in self._added]
            await insert_rows(session, table_of(ContactStatusChange), begins)
        await history.record(self._work, *self._added, *self._changed, cause=format_id("import", self._job.id))
        self._told += await self._companies.write()
        if self._told:
            await self._work.emit(*self._told)
        if self._rows:
            await insert_rows(session, table_of(ContactImportRow), self._rows)
        if self._external:
            await add_rows(session, table_of(ContactExternalId), self._external)
        if self._photos:
            await add_photos(self._work, self._job.id, self._photos)
        await add_problems(self._work, self._job, self._people)
