"""Natural persons."""

import dataclasses
from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.custom_values import set_custom_values
from services.contacts.commands.loading import check_manager, in_sight, locked, locked_alive
from services.contacts.commands.parts import MAX_OF_A_KIND, NOTHING, Email, Parts, Phone, set_parts
from services.contacts.commands.protection import check_wanted
from services.contacts.commands.statuses import Step, begin, move
from services.contacts.commands.tags import set_tags
from services.contacts.links import Language
from services.contacts.model import AccountStatus, RelationKind
from services.contacts.values import Locale

__all__ = ["MAX_OF_A_KIND", "Email", "Phone"]
SUSPECT = Step(AccountStatus.SUSPECT)


class ContactValues(TypedDict, total=False):
    """Parsed values of a contact's own columns; what is absent stays as it is."""

    given_name: str | None
    family_name: str | None
    language: Locale | None
    languages: list[Language]
    relation_kinds: list[RelationKind]
    social_links: list[dict[str, str]]
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
    parts: Parts = NOTHING,
    consented: bool = False,
) -> UUID:
    """Add a contact; the first address and number are the primary ones.

    `consented`: they gave their card themselves. Raises InvalidInput, NotFound, DoNotContact.
    """
    await check_manager(work, values.get("relationship_manager_id"))
    if not consented:
        await check_wanted(work, emails, phones)
    contact = new_contact(work, values, emails, phones)
    contact.status = step.status
    set_parts(contact, parts)
    work.session.add(contact)
    await set_tags(work, contact, parts.tags)
    await begin(work, contact, step)
    more = await set_custom_values(work, contact, parts.custom, new=True)
    await history.record(work, contact, more=more)
    await work.emit(events.contact_created(contact))
    return contact.id


def new_contact(
    work: UnitOfWork, values: ContactValues, emails: Sequence[Email], phones: Sequence[Phone]
) -> model.Contact:
    """The row of a contact to add. Raises InvalidInput."""
    manager = in_sight(work, values.get("relationship_manager_id"))
    contact = model.Contact(
        **{"origin": model.ContactOrigin.MANUAL, **values, "relationship_manager_id": manager},
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        status=AccountStatus.SUSPECT,
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
    parts: Parts = NOTHING,
) -> UUID:
    """Change a contact; a list replaces the one there was.

    Raises NotFound, WrongState, VersionConflict, StatusNotReachable, DoNotContact.
    """
    await check_manager(work, values.get("relationship_manager_id"))
    contact = await locked_alive(work, model.Contact, id)
    contact.change(expected, work.now, {**values})
    _check_named(contact)
    await check_wanted(work, emails, phones, contact)
    set_parts(contact, dataclasses.replace(parts, emails=emails, phones=phones))
    await set_tags(work, contact, parts.tags)
    told = await move(work, contact, step)
    more = await set_custom_values(work, contact, parts.custom)
    await history.record(work, contact, more=more)
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
    set_parts(contact, Parts(emails=emails))


def set_phones(contact: model.Contact, phones: Sequence[Phone]) -> None:
    """Replace the numbers; the first one is the primary one."""
    set_parts(contact, Parts(phones=phones))
