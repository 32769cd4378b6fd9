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

_LONGEST_WAIT = timedelta(seconds=60)


async def ties_of(work: UnitOfWork, subject: deals.Subject, message: Received[Any]) -> Ties:
    """Who owns, manages and follows what a message is about. Raises TryLater where a copy is missing."""
    manager = await _manager(work, Contact, "contact", subject.contact_id, message)
    if manager is None:
        manager = await _manager(work, Account, "account", subject.account_id, message)
    return Ties(collaborator_of(subject.owner_id), manager, tuple(all_collaborators(subject.follower_ids)))


async def _manager(
    work: UnitOfWork, copy: type[Contact] | type[Account], kind: str, id: str, message: Received[Any]
) -> UUID | None:
    if not id:
        return None
    row = await queries.relation(work.session, copy, work.organization, parse_id(kind, id))
    while row is not None and row.merged_into_id is not None:
        # A message about one that became part of another: whoever manages the other is told.
        row = await queries.relation(work.session, copy, work.organization, row.merged_into_id)
    if row is None:
        raise TryLater(f"no copy yet of {id}", wait(work, message))
    manager: UUID | None = row.relationship_manager_id
    return manager


async def need(
    work: UnitOfWork, concerned: Sequence[Concerned], others: Collection[UUID], message: Received[Any]
) -> None:
    """Raise TryLater unless the copies are here of everyone that the mails speak of, and of the organization."""
    ids = {*others, *(each.collaborator for each in concerned)}
    here = await queries.collaborators(work.session, work.organization, ids)
    await _need_all(work, ids - here.keys(), "collaborators", message)


async def need_contacts(work: UnitOfWork, ids: Sequence[UUID], message: Received[Any]) -> None:
    """Raise TryLater unless the copies are here of these contacts, and of the organization."""
    here = await queries.contacts(work.session, work.organization, ids)
    await _need_all(work, set(ids) - here.keys(), "contacts", message)


async def _need_all(work: UnitOfWork, missing: Collection[UUID], kind: str, message: Received[Any]) -> None:
    if missing:
        raise TryLater(f"no copy yet of {len(missing)} {kind}", wait(work, message))
    if await queries.organization(work.session, work.organization) is None:
        raise TryLater("no copy yet of the organization", wait(work, message))


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
