"""Natural persons."""

from collections.abc import Sequence
from typing import NamedTuple, TypedDict
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import check_manager, locked, locked_alive
from services.contacts.commands.statuses import Step, begin, move
from services.contacts.model import AccountStatus
from services.contacts.values import EmailAddress, Locale, PhoneNumber

MAX_OF_A_KIND = 20
SUSPECT = Step(AccountStatus.SUSPECT)


class Email(NamedTuple):
    """A parsed address and its use."""

    address: EmailAddress
    kind: model.Kind


class Phone(NamedTuple):
    """A parsed number and its use."""

    number: PhoneNumber
    kind: model.Kind


class ContactValues(TypedDict, total=False):
    """Parsed values of a contact's own columns; what is absent stays as it is."""

    given_name: str | None
    family_name: str | None
    language: Locale | None
    notes: str | None
    origin: model.ContactOrigin
    relationship_manager_id: UUID | None


async def create_contact(
    work: UnitOfWork,
    values: ContactValues,
    emails: Sequence[Email] = (),
    phones: Sequence[Phone] = (),
    *,
    step: Step = SUSPECT,
) -> UUID:
    """Add a contact; the first address and number are the primary ones. Raises InvalidInput, NotFound."""
    await check_manager(work, values.get("relationship_manager_id"))
    contact = new_contact(work, values, emails, phones)
    contact.status = step.status
    work.session.add(contact)
    await begin(work, contact, step)
    await history.record(work, contact)
    await work.emit(events.contact_created(contact))
    return contact.id


def new_contact(
    work: UnitOfWork, values: ContactValues, emails: Sequence[Email], phones: Sequence[Phone]
) -> model.Contact:
    """The row of a contact to add. Raises InvalidInput."""
    contact = model.Contact(
        **{"origin": model.ContactOrigin.MANUAL, **values},
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        status=AccountStatus.SUSPECT,
        emails=[],
        phones=[],
    )
    _check_named(contact)
    set_emails(contact, emails)
    set_phones(contact, phones)
    return contact


async def update_contact(
    work: UnitOfWork,
    id: UUID,
    values: ContactValues,
    emails: Sequence[Email] | None,
    phones: Sequence[Phone] | None,
    expected: int | None,
    *,
    step: Step | None = None,
) -> UUID:
    """Change a contact; a list replaces the one there was.

    Raises NotFound, WrongState, VersionConflict, StatusNotReachable.
    """
    await check_manager(work, values.get("relationship_manager_id"))
    contact = await locked_alive(work, model.Contact, id)
    contact.change(expected, work.now, {**values})
    _check_named(contact)
    if emails is not None:
        set_emails(contact, emails)
    if phones is not None:
        set_phones(contact, phones)
    told = await move(work, contact, step)
    await history.record(work, contact)
    await work.emit(events.contact_changed(contact), *told)
    return contact.id


async def delete_contact(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a contact out of every list; it can be restored. Raises NotFound, WrongState, VersionConflict."""
    contact = await locked(work, model.Contact, id)
    contact.delete(expected, work.now)
    await history.record(work, contact)
    await work.emit(events.contact_changed(contact))
    return contact.id


async def restore_contact(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a deleted contact back. Raises NotFound, WrongState, VersionConflict."""
    contact = await locked(work, model.Contact, id)
    contact.restore(expected, work.now)
    await history.record(work, contact)
    await work.emit(events.contact_changed(contact))
    return contact.id


def _check_named(contact: model.Contact) -> None:
    if contact.given_name is None and contact.family_name is None:
        raise InvalidInput("familyName", "Give a given name, a family name, or both.")


def set_emails(contact: model.Contact, emails: Sequence[Email]) -> None:
    """Replace the addresses; the first one is the primary one."""
    contact.emails[len(emails) :] = []
    for position, (address, kind) in enumerate(emails):
        if position < len(contact.emails):
            contact.emails[position].address, contact.emails[position].kind = address, kind
        else:
            row = model.ContactEmail(
                organization_id=contact.organization_id, position=position, address=address, kind=kind
            )
            contact.emails.append(row)


def set_phones(contact: model.Contact, phones: Sequence[Phone]) -> None:
    """Replace the numbers; the first one is the primary one."""
    contact.phones[len(phones) :] = []
    for position, (number, kind) in enumerate(phones):
        if position < len(contact.phones):
            contact.phones[position].number, contact.phones[position].kind = number, kind
        else:
            row = model.ContactPhone(
                organization_id=contact.organization_id, position=position, number=number, kind=kind
            )
            contact.phones.append(row)
