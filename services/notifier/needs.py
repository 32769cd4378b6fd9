"""What a reaction must have of the copies before it tells anybody: a message that is ahead of them is put off."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.identifiers import parse_id
from chassis.inbox import TryLater
from chassis.messages import Received
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import queries
from services.notifier.audience import Concerned, Ties
from services.notifier.model import Account, Contact
from services.notifier.queries import Found

_Copy = type[Contact] | type[Account]
_LONGEST_WAIT = timedelta(seconds=60)


class Needs:
    """What the reactions of one transaction need of the copies: each is read once, however many messages need it."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._relations: dict[tuple[_Copy, UUID], Found | None] = {}
        self._people: dict[UUID, Found | None] = {}
        self._tenant: Found | None = None

    async def look(self, subjects: Sequence[deals.Subject]) -> None:
        """Read at once what `ties` will ask of these subjects."""
        for copy, kind, ids in (
            (Contact, "contact", [each.contact_id for each in subjects]),
            (Account, "account", [each.account_id for each in subjects]),
        ):
            await self._read(copy, {parse_id(kind, id) for id in ids if id})

    async def _read(self, copy: _Copy, ids: Collection[UUID]) -> None:
        if missing := [id for id in ids if (copy, id) not in self._relations]:
            found = await queries.relations(self._work.session, copy, self._work.organization, missing)
            self._relations |= {(copy, id): found.get(id) for id in missing}

    async def ties(self, subject: deals.Subject, message: Received[Any]) -> Ties:
        """Who owns, manages and follows what a message is about. Raises TryLater where a copy is missing."""
        manager = await self._manager(Contact, "contact", subject.contact_id, message)
        if manager is None:
            manager = await self._manager(Account, "account", subject.account_id, message)
        return Ties(collaborator_of(subject.owner_id), manager, tuple(all_collaborators(subject.follower_ids)))

    async def _manager(self, copy: _Copy, kind: str, id: str, message: Received[Any]) -> UUID | None:
        if not id:
            return None
        row = await self._relation(copy, parse_id(kind, id))
        while row is not None and row.merged_into_id is not None:
            # A message about one that became part of another: whoever manages the other is told.
            row = await self._relation(copy, row.merged_into_id)
        if row is None:
            raise self.later(f"no copy yet of {id}", message)
        manager: UUID | None = row.relationship_manager_id
        return manager

    async def _relation(self, copy: _Copy, id: UUID) -> Found | None:
        await self._read(copy, [id])
        return self._relations[copy, id]

    async def collaborators(self, ids: Collection[UUID]) -> dict[UUID, Found]:
        """The copies that are here, by id."""
        if missing := [id for id in ids if id not in self._people]:
            found = await queries.collaborators(self._work.session, self._work.organization, missing)
            self._people |= {id: found.get(id) for id in missing}
        return {id: row for id in ids if (row := self._people[id]) is not None}

    async def people(self, concerned: Sequence[Concerned], others: Collection[UUID], message: Received[Any]) -> None:
        """Raise TryLater unless the copies are here of everyone that the mails speak of, and of the organization."""
        ids = {*others, *(each.collaborator for each in concerned)}
        await self._need_all(ids - (await self.collaborators(ids)).keys(), "collaborators", message)

    async def contacts(self, ids: Sequence[UUID], message: Received[Any]) -> None:
        """Raise TryLater unless the copies are here of these contacts, and of the organization."""
        here = await queries.contacts(self._work.session, self._work.organization, ids) if ids else {}
        await self._need_all(set(ids) - here.keys(), "contacts", message)

    async def _need_all(self, missing: Collection[UUID], kind: str, message: Received[Any]) -> None:
        if missing:
            raise self.later(f"no copy yet of {len(missing)} {kind}", message)
        self._tenant = self._tenant or await queries.organization(self._work.session, self._work.organization)
        if self._tenant is None:
            raise self.later("no copy yet of the organization", message)

    def later(self, why: str, message: Received[Any]) -> TryLater:
        """Ask again for a message, soon for a young one, seldom for an old one."""
        return TryLater(why, wait(self._work, message))


def wait(work: UnitOfWork, message: Received[Any]) -> float:
    """Seconds: half the message's age, so that a young message is soon asked for again, and an old one seldom."""
    age = (work.now - message.time).total_seconds()
    return max(0.5, min(_LONGEST_WAIT.total_seconds(), age / 2))


def collaborator_of(id: str) -> UUID | None:
    """The UUID of a TypeID; None of an empty text."""
    return parse_id("collaborator", id) if id else None


def all_collaborators(ids: Sequence[str]) -> list[UUID]:
    """The UUIDs of TypeIDs, in order."""
    return [parse_id("collaborator", id) for id in ids]
