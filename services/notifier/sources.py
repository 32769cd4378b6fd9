"""What letters are written from: one organization's copies, as one transaction reads them for many letters."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any
from uuid import UUID

from chassis.identifiers import kind_of, parse_id
from proto.deals.v1.messages_pb2 import Event
from services.notifier import queries
from services.notifier.mail.message import Form
from services.notifier.queries import Found, Reader


class Sources:
    """A transaction, and what it read and wrote: each person and each letter once, however many are to read it."""

    def __init__(self, reader: Reader, organization: UUID) -> None:
        self.reader = reader
        self._organization = organization
        self._people: dict[UUID, Found | None] = {}
        self._contacts: dict[UUID, Found | None] = {}
        self._publications: dict[UUID, str | None] = {}
        self._forms: dict[tuple[Any, ...], Form | None] = {}

    async def collaborators(self, ids: Collection[UUID]) -> dict[UUID, Found]:
        """The copies that are here, by id."""
        if missing := [id for id in ids if id not in self._people]:
            found = await queries.collaborators(self.reader, self._organization, missing)
            self._people |= {id: found.get(id) for id in missing}
        return {id: row for id in ids if (row := self._people[id]) is not None}

    async def attendees(self, event: Event) -> dict[str, Found]:
        """The copies of those who are invited, colleagues and contacts, by the id that the event gives."""
        ids = {each.id: parse_id(kind_of(each.id), each.id) for each in event.attendees}
        colleagues = await self.collaborators([id for told, id in ids.items() if kind_of(told) == "collaborator"])
        found = colleagues | await self._contacts_of([id for told, id in ids.items() if kind_of(told) == "contact"])
        return {told: found[id] for told, id in ids.items() if id in found}

    async def _contacts_of(self, ids: Collection[UUID]) -> dict[UUID, Found]:
        """Those who are still there: nobody is told the address of who was deleted meanwhile."""
        if missing := [id for id in ids if id not in self._contacts]:
            found = await queries.contacts(self.reader, self._organization, missing)
            self._contacts |= {id: _unless_deleted(found.get(id)) for id in missing}
        return {id: row for id in ids if (row := self._contacts.get(id)) is not None}

    async def publication_status(self, id: UUID) -> str | None:
        """Where a publication is; None where the scope sees it no more."""
        if id not in self._publications:
            self._publications[id] = await queries.publication_status(self.reader, id)
        return self._publications[id]

    async def once(self, due: Found, write: Callable[[], Awaitable[Form | None]]) -> Form | None:
        """The form of what a delivery tells, written for the first of those who read it alike."""
        reader = (due.contact_id is None, due.reader_locale, due.reader_time_zone)
        key = (due.cause_kind, due.cause_id, due.revision, *reader, *due.reasons)
        if key not in self._forms:
            self._forms[key] = await write()
        return self._forms[key]


def _unless_deleted(row: Found | None) -> Found | None:
    return None if row is None or row.deleted else row
