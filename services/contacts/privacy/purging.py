"""Purges: what was deleted goes for ever, after it was taken out of everything that counts or names it.

One transaction: contacts forgets the rows; the other services keep the id with a copy that says `[purged]`, so that
deals, sums and timelines stay true. Who purged what, and when, is kept for ever, and names nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from chassis.messages import Outgoing
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import locked
from services.contacts.duplicates.pairs import settled
from services.contacts.errors import NotDeleted
from services.contacts.groups import membership
from services.contacts.model import Account, Contact, DuplicateKind, DuplicateState, Interlocutor, Purge

PURGED_AT_ONCE = 200
_OWN = {DuplicateKind.CONTACT: "contact_id", DuplicateKind.ACCOUNT: "account_id"}


async def purge_contact(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Purge a deleted contact, with what had become part of it. Gives the purge's id.

    Raises NotFound, NotDeleted, WrongState for one that is part of another, VersionConflict.
    """
    return await _purge(work, await locked(work, Contact, id), expected)


async def purge_account(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Purge a deleted account, with what had become part of it. Gives the purge's id. Raises like purge_contact."""
    return await _purge(work, await locked(work, Account, id), expected)


async def purge_deleted(work: UnitOfWork, before: datetime) -> UUID:
    """Purge up to PURGED_AT_ONCE contacts and accounts deleted before a moment. Gives what their purges have in common.

    Raises InvalidInput for a moment to come: what is deleted now is not purged by accident.
    """
    if before > work.now:
        raise InvalidInput("deletedBefore", "Give a moment in the past.")
    batch, left = new_id(), PURGED_AT_ONCE
    for id in (contacts := await _deleted(work, Contact, before, left)):
        await _purge(work, await locked(work, Contact, id), None, batch)
    for id in await _deleted(work, Account, before, left - len(contacts)):
        await _purge(work, await locked(work, Account, id), None, batch)
    return batch


def purgeable(table: type[Contact | Account], before: datetime) -> Select[UUID]:
    """Those that were deleted before a moment; what became part of another goes with that one."""
    return select(table.id).where(table.deleted_at < before, table.merged_into_id.is_(None)).order_by(table.id)


async def _deleted(work: UnitOfWork, table: type[Contact | Account], before: datetime, most: int) -> Sequence[UUID]:
    async with work.as_seen():
        return (await work.session.scalars(purgeable(table, before).limit(most))).all()


async def _purge(work: UnitOfWork, row: Contact | Account, expected: int | None, batch: UUID | None = None) -> UUID:
    if row.merged_into_id is not None:
        row.check_alive()
    if row.deleted_at is None:
        raise NotDeleted(row.__tablename__)
    row.change(expected, work.now, {})
    kind = DuplicateKind(row.__tablename__.upper())
    parts: list[Contact | Account] = [row, *await _parts(work, type(row), row.id)]
    told = [events.purged_whole(each) for each in parts]
    ids = [each.id for each in parts]
    told += await _settle_pairs(work, ids)
    told += await _end_links(work, kind, ids)
    told += await (_leave_people(work, ids) if kind is DuplicateKind.CONTACT else _leave_companies(work, ids))
    await work.session.flush()
    await _forget(work, kind, ids)
    purge = _note(work, kind, row.id, batch)
    work.session.add(purge)
    await work.emit(*told, events.purge_made(purge))
    return purge.id


async def _parts(work: UnitOfWork, table: type[Contact | Account], id: UUID) -> list[Contact | Account]:
    """All that became part of a record, each at its next version."""
    found: list[Contact | Account] = []
    last = [id]
    while last:
        statement = select(table).where(table.merged_into_id.in_(last)).order_by(table.id).with_for_update()
        more: Sequence[Any] = (await work.session.scalars(statement)).all()
        for each in more:
            each.change(None, work.now, {})
        found += more
        last = [each.id for each in more]
    return found


async def _settle_pairs(work: UnitOfWork, ids: Sequence[UUID]) -> list[Outgoing]:
    pair = model.DuplicatePair
    either = or_(pair.first_id.in_(ids), pair.second_id.in_(ids))
    pairs = (await work.session.scalars(select(pair).where(either).order_by(pair.id).with_for_update())).all()
    return [settled(work, each, DuplicateState.GONE) for each in pairs if each.state is DuplicateState.OPEN]


async def _end_links(work: UnitOfWork, kind: DuplicateKind, ids: Sequence[UUID]) -> list[Outgoing]:
    """Who speaks for whom ends; the history of the other side keeps that it was so."""
    own: Any = getattr(Interlocutor, _OWN[kind])
    statement = select(Interlocutor).where(own.in_(ids)).order_by(Interlocutor.id).with_for_update()
    links = (await work.session.scalars(statement)).all()
    history.watch(work, *links)
    for link in links:
        link.change(None, work.now, {"ended_at": link.ended_at or work.now})
    await history.record(work, *links)
    entry = model.HistoryEntry
    mine: Any = getattr(entry, _OWN[kind])
    shared = (mine.in_(ids), entry.contact_id.is_not(None), entry.account_id.is_not(None))
    await work.session.execute(update(entry).where(*shared).values({_OWN[kind]: None}))
    told = [events.interlocutor_changed(link) for link in links]
    await work.session.execute(delete(Interlocutor).where(own.in_(ids)))
    return told


async def _leave_people(work: UnitOfWork, ids: Sequence[UUID]) -> list[Outgoing]:
    """Groups count without them, exchanges of cards and colleagues no longer name them."""
    member = model.GroupMember
    named = select(member.group_id).where(member.contact_id.in_(ids), member.active)
    groups = select(model.Group).where(model.Group.id.in_(named)).order_by(model.Group.id).with_for_update()
    for group in (await work.session.scalars(groups)).all():
        mine = select(member.contact_id).where(member.group_id == group.id, member.contact_id.in_(ids), member.active)
        await membership.replace(work, group, [], (await work.session.scalars(mine)).all())
    exchange = model.CardExchange
    await work.session.execute(update(exchange).where(exchange.contact_id.in_(ids)).values(contact_id=None))
    told = []
    colleague = model.Collaborator
    linked = select(colleague).where(colleague.contact_id.in_(ids)).order_by(colleague.id).with_for_update()
    for each in (await work.session.scalars(linked)).all():
        each.change(None, work.now, {"contact_id": None})
        told.append(events.collaborator_changed(each))
    return told


async def _leave_companies(work: UnitOfWork, ids: Sequence[UUID]) -> list[Outgoing]:
    """Subsidiaries belong to nobody then."""
    under = select(Account).where(Account.parent_id.in_(ids), Account.id.not_in(ids)).order_by(Account.id)
    accounts = (await work.session.scalars(under.with_for_update())).all()
    history.watch(work, *accounts)
    for each in accounts:
        each.change(None, work.now, {"parent_id": None})
    await history.record(work, *accounts)
    return [events.account_changed(each) for each in accounts]


async def _forget(work: UnitOfWork, kind: DuplicateKind, ids: Sequence[UUID]) -> None:
    """The rows; what belongs to them goes with them."""
    pair, merge = model.DuplicatePair, model.Merge
    await work.session.execute(delete(pair).where(or_(pair.first_id.in_(ids), pair.second_id.in_(ids))))
    await work.session.execute(delete(merge).where(or_(merge.winner_id.in_(ids), merge.loser_id.in_(ids))))
    # What was told of them and has left already names them: it is not to be told again.
    left = (model.outbox.c.aggregate_id.in_(ids), model.outbox.c.published_at.is_not(None))
    await work.session.execute(delete(model.outbox).where(*left))
    table: Any = Contact if kind is DuplicateKind.CONTACT else Account
    await work.session.execute(delete(table.__table__).where(table.__table__.c.id.in_(ids)))


def _note(work: UnitOfWork, kind: DuplicateKind, subject: UUID, batch: UUID | None) -> Purge:
    return Purge(
        id=new_id(),
        organization_id=work.organization,
        at=work.now,
        by_id=work.actor.collaborator,
        kind=kind,
        subject_id=subject,
        batch_id=batch,
    )
