"""Addresses and numbers of people who were erased and are not to be taken in again: only hashes of them are kept."""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, update

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.identifiers import new_id
from services.contacts.commands.parts import Email, Phone
from services.contacts.errors import DoNotContact
from services.contacts.model import Contact
from services.contacts.model import DoNotContact as Protected


def digest(organization: UUID, reached: str) -> bytes:
    """What is kept of an address or a number that is not to be taken in again."""
    return hmac.new(organization.bytes, reached.lower().encode(), sha256).digest()


async def protected(work: UnitOfWork, reached: Iterable[str]) -> set[str]:
    """Those of some addresses and numbers that are not to be taken in again; one statement for all."""
    by_digest = {digest(work.organization, each): each for each in reached}
    if not by_digest:
        return set()
    known = select(Protected.digest).where(Protected.digest.in_([*by_digest]), Protected.lifted_at.is_(None))
    return {by_digest[bytes(found)] for found in await work.session.scalars(known)}


async def check_wanted(
    work: UnitOfWork, emails: Sequence[Email] | None, phones: Sequence[Phone] | None, contact: Contact | None = None
) -> None:
    """Raise DoNotContact for an address or a number that is not to be taken in; what a contact has already, stays."""
    places: dict[str, str] = {each.address: f"emails.{place}.address" for place, each in enumerate(emails or ())}
    places |= {each.number: f"phones.{place}.number" for place, each in enumerate(phones or ())}
    if contact is not None:
        there = {each.address for each in contact.emails} | {each.number for each in contact.phones}
        places = {reached: path for reached, path in places.items() if reached not in there}
    found = await protected(work, places)
    if found:
        raise DoNotContact(min(path for reached, path in places.items() if reached in found))


async def lift(work: UnitOfWork, reached: str, field: str) -> UUID:
    """Somebody who was erased came back by themselves: they may be taken in. Raises NotFound."""
    mine = (Protected.digest == digest(work.organization, reached), Protected.lifted_at.is_(None))
    values = {"lifted_at": work.now, "lifted_by_id": work.actor.collaborator}
    lifted = await work.session.execute(update(Protected).where(*mine).values(values).returning(Protected.since))
    if lifted.first() is None:
        raise NotFound("protection", "of this address or number", field)
    return new_id()
