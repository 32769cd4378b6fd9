"""Moving a contact that was added under the wrong organization: the one act that crosses a border.

Only for a person who may write in both. What crosses is what they could type in again: name, language, addresses and
telephones, and the notes where they say so. Everything else stays: links to companies, deals, status, history, groups.
"""

from dataclasses import dataclass
from uuid import UUID

from chassis.auth import Actor
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.contacts import ContactValues, Email, Phone, create_contact
from services.contacts.commands.loading import locked_alive
from services.contacts.errors import NoMembership
from services.contacts.permissions import Rule, check
from services.contacts.values import EmailAddress, Locale, PhoneNumber


@dataclass(frozen=True, slots=True)
class Move:
    """Which contact, as which member of the other organization, with its notes or without."""

    contact: UUID
    to: Actor
    with_notes: bool
    expected: int | None


async def move_contact(work: UnitOfWork, move: Move) -> UUID:
    """The contact's id over there; here it is deleted, and can be restored. Both, or neither.

    Raises InvalidInput, NotFound, WrongState, VersionConflict, NoMembership, Forbidden, PlanReadOnly, NotInPlan.
    """
    if move.to.organization == work.organization:
        raise InvalidInput("organizationId", "It is there already: choose another organization.")
    contact = await locked_alive(work, model.Contact, move.contact)
    carried = _carried(contact, with_notes=move.with_notes)
    emails = [Email(EmailAddress(row.address), row.kind) for row in contact.emails]
    phones = [Phone(PhoneNumber(row.number), row.kind) for row in contact.phones]
    contact.delete(move.expected, work.now)
    # Not where to: that organization is nobody else's affair here.
    await history.record(work, contact, more=[history.Change("moved", None, True)])
    await work.emit(events.contact_changed(contact))
    async with work.across(move.to):
        await _check_may_write(work)
        return await create_contact(work, carried, emails, phones)


def _carried(contact: model.Contact, *, with_notes: bool) -> ContactValues:
    values = ContactValues(
        given_name=contact.given_name, family_name=contact.family_name, origin=model.ContactOrigin.MOVED
    )
    if contact.language:
        values["language"] = Locale(contact.language)
    if with_notes:
        values["notes"] = contact.notes
    return values


async def _check_may_write(work: UnitOfWork) -> None:
    """The member of this side, as they are now: a token says what was."""
    member = await work.session.get(model.Collaborator, work.actor.collaborator)
    organization = await work.session.get(model.Organization, work.organization)
    if member is None or organization is None or member.disabled_at is not None:
        raise NoMembership
    try:
        check(Actor(work.organization, member.id, member.role), Rule.WRITE_CONTACTS)
    except Forbidden as error:
        raise Forbidden("write contacts in the other organization") from error
    organization.plan_standing.check(Rule.WRITE_CONTACTS.feature, work.now)
