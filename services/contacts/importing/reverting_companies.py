"""Taking back what an import did to companies: links first, so that an account nobody speaks for can go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.messages import Outgoing
from services.contacts import events
from services.contacts.commands import history
from services.contacts.model import Account, ContactImport, ContactImportCompany, ImportedKind, Interlocutor


async def take_back_some(work: UnitOfWork, job: ContactImport, most: int) -> bool:
    """Undo some links, or some accounts when no link is left; whether there was anything."""
    for kind, undo in ((ImportedKind.INTERLOCUTOR, _links), (ImportedKind.ACCOUNT, _accounts)):
        found = await _touched(work, job.id, kind, most)
        if found:
            told = await undo(work, found, format_id("import", job.id))
            job.reverted_count += len(told)
            job.kept_count += len(found) - len(told)
            if told:
                await work.emit(*told)
            await _forget(work, job.id, [row.subject_id for row in found])
            return True
    return False


async def _touched(work: UnitOfWork, id: UUID, kind: ImportedKind, most: int) -> Sequence[Any]:
    columns = ContactImportCompany
    statement = select(columns.subject_id, columns.subject_version, columns.before)
    wanted = statement.where(columns.import_id == id, columns.kind == kind)
    return (await work.session.execute(wanted.order_by(columns.subject_id).limit(most))).all()


async def _links(work: UnitOfWork, found: Sequence[Any], cause: str) -> list[Outgoing]:
    """Links that were made end; what changed is put back."""
    told = []
    links = await _locked(work, Interlocutor, found)
    for row in found:
        link = links.get(row.subject_id)
        if link is not None and link.version == row.subject_version and link.ended_at is None:
            link.change(None, work.now, row.before or {"ended_at": work.now})
            told.append(events.interlocutor_changed(link))
    await history.record(work, *links.values(), cause=cause)
    return told


async def _accounts(work: UnitOfWork, found: Sequence[Any], cause: str) -> list[Outgoing]:
    """Accounts are deleted unless somebody else speaks for them, or they changed since."""
    told = []
    accounts = await _locked(work, Account, found)
    spoken_for = set(await work.session.scalars(_spoken_for([*accounts])))
    for row in found:
        account = accounts.get(row.subject_id)
        if account is None or account.id in spoken_for or account.version != row.subject_version:
            continue
        if account.deleted_at is None:
            account.delete(None, work.now)
            told.append(events.account_changed(account))
    await history.record(work, *accounts.values(), cause=cause)
    return told


def _spoken_for(ids: Sequence[UUID]) -> Any:
    link = exists().where(Interlocutor.account_id == Account.id, Interlocutor.ended_at.is_(None))
    return select(Account.id).where(Account.id.in_(ids), link)


async def _locked(work: UnitOfWork, table: Any, found: Sequence[Any]) -> dict[UUID, Any]:
    ids = [row.subject_id for row in found]
    locked = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()
    rows = (await work.session.scalars(locked)).all()
    history.watch(work, *rows)
    return {row.id: row for row in rows}


async def _forget(work: UnitOfWork, id: UUID, subjects: Sequence[UUID]) -> None:
    columns = ContactImportCompany
    statement = delete(columns).where(columns.import_id == id, columns.subject_id.in_(subjects))
    await work.session.execute(statement)
