"""Which contacts the entries of a batch are, by the key that was chosen."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from services.contacts.commands import history
from services.contacts.importing.people import Person
from services.contacts.model import Contact, ContactEmail, ContactExternalId, ContactPhone, ImportKey


def keys(person: Person, key: ImportKey) -> list[str]:
    """What an entry may be recognized by; the first that is known decides."""
    if key is ImportKey.EMAIL:
        return [each.address.lower() for each in person.emails]
    if key is ImportKey.PHONE:
        return [each.number for each in person.phones]
    return [person.external_id] if key is ImportKey.EXTERNAL_ID and person.external_id else []


class Known:
    """The contacts of an organization that a batch's entries may be, locked; those it adds are known at once."""

    def __init__(self, key: ImportKey, found: dict[str, Contact]) -> None:
        self._key = key
        self._found = found

    @classmethod
    async def load(cls, work: UnitOfWork, key: ImportKey, people: Iterable[Person]) -> "Known":
        """Find and lock them; of several with the same key, the oldest."""
        wanted = {each for person in people for each in keys(person, key)}
        if not wanted:
            return cls(key, {})
        rows = (await work.session.execute(_statement(key, sorted(wanted)))).all()
        ids = {row.contact_id for row in rows}
        # In the order of their ids, so that two imports never wait for each other.
        locked = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id).with_for_update()
        async with work.as_seen():
            contacts = {each.id: each for each in await work.session.scalars(locked) if each.deleted_at is None}
        history.watch(work, *contacts.values())
        found: dict[str, Contact] = {}
        for row in sorted(rows, key=lambda each: each.contact_id):
            if row.contact_id in contacts:
                found.setdefault(row.key, contacts[row.contact_id])
        return cls(key, found)

    def ids(self) -> set[UUID]:
        """Those that were there before the batch."""
        return {contact.id for contact in self._found.values()}

    def find(self, person: Person) -> Contact | None:
        """The contact that an entry is, if there is one."""
        return next((self._found[each] for each in keys(person, self._key) if each in self._found), None)

    def add(self, person: Person, contact: Contact) -> None:
        """An entry is this contact: what else it is recognized by counts from now on."""
        for each in keys(person, self._key):
            self._found.setdefault(each, contact)


def _statement(key: ImportKey, wanted: Sequence[str]) -> Any:
    if key is ImportKey.EMAIL:
        address = func.lower(ContactEmail.address)
        return select(address.label("key"), ContactEmail.contact_id).where(address.in_(wanted))
    if key is ImportKey.PHONE:
        return select(ContactPhone.number.label("key"), ContactPhone.contact_id).where(ContactPhone.number.in_(wanted))
    columns = ContactExternalId
    return select(columns.external_id.label("key"), columns.contact_id).where(columns.external_id.in_(wanted))
