"""Who speaks for a company."""

from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from chassis.database import UnitOfWork
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import locked, locked_alive


class InterlocutorValues(TypedDict, total=False):
    """Parsed values of a link; what is absent stays as it is."""

    job_title: str | None
    decision_maker: bool
    started_on: date | None
    ended_at: datetime | None


async def create_interlocutor(work: UnitOfWork, contact_id: UUID, account_id: UUID, values: InterlocutorValues) -> UUID:
    """Link a contact to an account. Raises NotFound, WrongState for a deleted one, AlreadyInterlocutor."""
    await locked_alive(work, model.Contact, contact_id, "contactId")
    await locked_alive(work, model.Account, account_id, "accountId")
    link = model.Interlocutor(
        **values,
        organization_id=work.organization,
        contact_id=contact_id,
        account_id=account_id,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(link)
    await work.session.flush()
    await history.record(work, link)
    await work.emit(events.interlocutor_changed(link))
    return link.id


async def update_interlocutor(work: UnitOfWork, id: UUID, values: InterlocutorValues, expected: int | None) -> UUID:
    """Change or end a link. Raises NotFound, VersionConflict, InvalidInput, AlreadyInterlocutor."""
    link = await locked_alive(work, model.Interlocutor, id)
    link.change(expected, work.now, {**values})
    link.check_dates()
    await history.record(work, link)
    await work.emit(events.interlocutor_changed(link))
    return link.id


async def delete_interlocutor(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take back a link that was made by mistake; it can be restored. Raises NotFound, WrongState, VersionConflict."""
    link = await locked(work, model.Interlocutor, id)
    link.delete(expected, work.now)
    await history.record(work, link)
    await work.emit(events.interlocutor_changed(link))
    return link.id


async def restore_interlocutor(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a deleted link back, as it was.

    Raises NotFound, WrongState (also where its contact or account is deleted), VersionConflict, AlreadyInterlocutor.
    """
    link = await locked(work, model.Interlocutor, id)
    await locked_alive(work, model.Contact, link.contact_id)
    await locked_alive(work, model.Account, link.account_id)
    link.restore(expected, work.now)
    await work.session.flush()
    await history.record(work, link)
    await work.emit(events.interlocutor_changed(link))
    return link.id
