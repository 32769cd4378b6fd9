"""Taking a whole import back: what it added is deleted, what it changed is as before, unless changed since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.messages import Outgoing
from services.contacts import events
from services.contacts.commands import history
from services.contacts.importing import reverting_companies as companies
from services.contacts.importing.merging import put_back
from services.contacts.model import Contact, ContactImport, ContactImportRow, ImportAction


async def take_back_some(work: UnitOfWork, job: ContactImport, most: int) -> bool:
    """Undo part of what an import did: contacts, then links, then accounts; whether there was anything left."""
    if found := await _touched(work, job.id, most):
        await _take_back(work, job, found)
        return True
    return await companies.take_back_some(work, job, most)


async def _touched(work: UnitOfWork, id: UUID, most: int) -> list[Any]:
    """Some of the contacts that an import touched, each with its first entry and the version that the last gave."""
    columns = ContactImportRow
    last, first = func.max(columns.contact_version).label("version"), func.min(columns.entry).label("first")
    statement = select(columns.contact_id, last, first).where(columns.import_id == id)
    grouped = statement.group_by(columns.contact_id).order_by(columns.contact_id).limit(most)
    return list((await work.session.execute(grouped)).all())


async def _take_back(work: UnitOfWork, job: ContactImport, found: Sequence[Any]) -> None:
    """Undo what the import did to these contacts, and forget it, so that nothing is undone twice."""
    told: list[Outgoing] = []
    firsts = await _firsts(work, job.id, [row.first for row in found])
    ids = [row.contact_id for row in found]
    locked = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id).with_for_update()
    contacts = {each.id: each for each in await work.session.scalars(locked)}
    history.watch(work, *contacts.values())
    for row in found:
        contact = contacts.get(row.contact_id)
        if contact is None or contact.deleted_at is not None or contact.version != row.version:
            job.kept_count += 1
            continue
        _undo(work, contact, firsts[row.first])
        job.reverted_count += 1
        told.append(events.contact_changed(contact))
    await history.record(work, *contacts.values(), cause=format_id("import", job.id))
    if told:
        await work.emit(*told)
    columns = ContactImportRow
    await work.session.execute(delete(columns).where(columns.import_id == job.id, columns.contact_id.in_(ids)))


async def _firsts(work: UnitOfWork, id: UUID, entries: Sequence[int]) -> dict[int, Row[Any]]:
    columns = ContactImportRow
    statement = select(columns.entry, columns.action, columns.before)
    rows = await work.session.execute(statement.where(columns.import_id == id, columns.entry.in_(entries)))
    return {row.entry: row for row in rows}


def _undo(work: UnitOfWork, contact: Contact, first: Row[Any]) -> None:
    if first.action is ImportAction.CREATED:
        contact.delete(None, work.now)
    else:
        put_back(contact, first.before, work.now)
