"""Asking somebody to become a collaborator, who may be a contact already; and their becoming one."""

from datetime import timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, select

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands.loading import locked, locked_alive
from services.contacts.errors import (
    AlreadyCollaborator,
    EmailTaken,
    InvitationEnded,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
)
from services.contacts.values import EmailAddress, Locale, TimeZone


class InvitationValues(TypedDict, total=False):
    """Parsed values of an invitation; name and address may come from the contact."""

    name: str
    email: EmailAddress
    role: Role
    department: str | None
    locale: Locale
    time_zone: TimeZone


class Profile(TypedDict, total=False):
    """What people say of themselves; what is absent stays as it is."""

    name: str
    department: str | None
    locale: Locale
    time_zone: TimeZone


async def invite(work: UnitOfWork, values: InvitationValues, contact: UUID | None, days: int) -> UUID:
    """Ask somebody, by a link that opens once within so many days.

    Raises NotFound, InvalidInput, EmailTaken, AlreadyInvited, AlreadyCollaborator.
    """
    organization = await locked(work, model.Organization, work.organization)
    defaults = {"role": Role.COLLABORATOR, "locale": organization.locale, "time_zone": organization.time_zone}
    told = {**defaults, **(await _of_contact(work, contact) if contact else {}), **values}
    for field in ("name", "email"):
        if not told.get(field):
            raise InvalidInput(field, "Say it: the contact has none.")
    await _check_free(work, str(told["email"]))
    invitation = model.Invitation(
        **told,
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        collaborator_id=new_id(),
        contact_id=contact,
        invited_by_id=work.actor.collaborator,
        revision=0,
        expires_at=work.now + timedelta(days=days),
    )
    work.session.add(invitation)
    await work.emit(events.invitation_changed(invitation))
    return invitation.id


async def resend(work: UnitOfWork, id: UUID, expected: int | None, days: int) -> UUID:
    """Mail a new link; the older one opens no more. Raises NotFound, InvitationEnded, VersionConflict."""
    invitation = await _open(work, id)
    again = {"revision": invitation.revision + 1, "expires_at": work.now + timedelta(days=days)}
    invitation.change(expected, work.now, again)
    await work.emit(events.invitation_changed(invitation))
    return invitation.id


async def revoke(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take an invitation back: its link opens no more. Raises NotFound, InvitationEnded, VersionConflict."""
    invitation = await _open(work, id)
    invitation.change(expected, work.now, {"revoked_at": work.now})
    await work.emit(events.invitation_changed(invitation))
    return invitation.id


async def accept(work: UnitOfWork, id: UUID, revision: int, **profile: Unpack[Profile]) -> model.Collaborator:
    """Become the collaborator that an invitation asks for; their contact stays tied to them.

    Raises LinkUnknown, LinkUsed, LinkExpired, EmailTaken.
    """
    invitation = await openable(work, id, revision, lock=True)
    collaborator = model.Collaborator(
        id=invitation.collaborator_id,
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        email=invitation.email,
        role=invitation.role,
        contact_id=invitation.contact_id,
        name=profile.get("name", invitation.name),
        department=profile.get("department", invitation.department),
        locale=profile.get("locale", invitation.locale),
        time_zone=profile.get("time_zone", invitation.time_zone),
    )
    work.session.add(collaborator)
    invitation.change(None, work.now, {"accepted_at": work.now})
    await work.session.flush()
    await work.emit(events.invitation_changed(invitation), events.collaborator_changed(collaborator))
    return collaborator


async def openable(work: UnitOfWork, id: UUID, revision: int, *, lock: bool = False) -> model.Invitation:
    """The invitation that a link is of. Raises LinkUnknown, LinkUsed, LinkExpired."""
    statement = select(model.Invitation).where(model.Invitation.id == id)
    invitation = await work.session.scalar(statement.with_for_update() if lock else statement)
    if invitation is None or invitation.revision != revision:
        raise LinkUnknown
    if invitation.accepted_at is not None:
        raise LinkUsed
    if invitation.revoked_at is not None or invitation.expires_at <= work.now:
        raise LinkExpired
    return invitation


async def _open(work: UnitOfWork, id: UUID) -> model.Invitation:
    statement = select(model.Invitation).where(model.Invitation.id == id).with_for_update()
    invitation = await work.session.scalar(statement)
    if invitation is None:
        raise NotFound("invitation", id)
    if not invitation.is_open:
        raise InvitationEnded("accepted" if invitation.accepted_at else "revoked")
    return invitation


async def _of_contact(work: UnitOfWork, id: UUID) -> dict[str, str]:
    contact = await locked_alive(work, model.Contact, id, "contactId")
    columns = model.Collaborator
    if await work.session.scalar(select(columns.id).where(columns.contact_id == id)) is not None:
        raise AlreadyCollaborator
    name = " ".join(part for part in (contact.given_name, contact.family_name) if part)
    language = {"locale": contact.language} if contact.language in ("fr", "en") else {}
    return {"name": name, "email": contact.emails[0].address if contact.emails else "", **language}


async def _check_free(work: UnitOfWork, email: str) -> None:
    columns = model.Collaborator
    taken = select(columns.id).where(func.lower(columns.email) == email.lower())
    if await work.session.scalar(taken) is not None:
        raise EmailTaken
