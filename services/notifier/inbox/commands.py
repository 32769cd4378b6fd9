"""Putting things into inboxes, and what their readers do with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, update

from chassis.arrays import columns_of, insert_of
from chassis.copies import table_of
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput
from chassis.identifiers import new_id
from services.notifier.audience import Concerned
from services.notifier.events import inbox_changed
from services.notifier.inbox.model import InboxItem, InboxState
from services.notifier.model import Category, CauseKind

MOST_MARKED = 500
"""How many items one mutation marks by id."""


@dataclass(frozen=True)
class Item:
    """What comes into an inbox."""

    concerned: Concerned
    kind: CauseKind
    cause: UUID
    revision: int
    category: Category | None
    topic: str | None


async def put_in_inbox(work: UnitOfWork, items: Sequence[Item]) -> None:
    """A new item, or the one that is there as it is told of anew: unread again. An older revision changes nothing."""
    if not items:
        return
    # In one order, so that two transactions do not wait for each other.
    rows = sorted((_row(work, item) for item in items), key=lambda row: (row["cause_id"], row["collaborator_id"]))
    table, names = table_of(InboxItem), tuple(rows[0])
    statement = insert_of(table, names)
    fresh = ("revision", "category", "topic", "reasons", "state", "told_at", "read_at", "done_at", "done_because")
    put = statement.on_conflict_do_update(
        index_elements=["organization_id", "collaborator_id", "cause_kind", "cause_id"],
        set_={name: statement.excluded[name] for name in fresh},
        where=InboxItem.revision < statement.excluded.revision,
    )
    told = await work.session.scalars(put.returning(table.c.collaborator_id), columns_of(table, names, rows))
    await _tell(work, told.all())


def _row(work: UnitOfWork, item: Item) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "collaborator_id": item.concerned.collaborator,
        "cause_kind": item.kind.value,
        "cause_id": item.cause,
        "revision": item.revision,
        "category": (item.category or Category.CRITICAL).value,
        "topic": item.topic,
        "reasons": [reason.value for reason in item.concerned.reasons],
        "state": InboxState.UNREAD.value,
        "created_at": work.now,
        "told_at": work.now,
        "read_at": None,
        "done_at": None,
        "done_because": None,
    }


async def done_by_itself(work: UnitOfWork, kind: CauseKind, id: UUID, because: str) -> None:
    """A thing that waits for nobody any more is done in every inbox."""
    theirs = (InboxItem.cause_kind == kind.value, InboxItem.cause_id == id)
    await _mark(work, [*theirs, InboxItem.state != InboxState.DONE.value], InboxState.DONE, because)


async def seen_again(work: UnitOfWork, kind: CauseKind, id: UUID, revision: int, whom: UUID | None) -> None:
    """What was done, or left alone, is to be seen again: by one, or by all who have it at this revision."""
    theirs = [InboxItem.cause_kind == kind.value, InboxItem.cause_id == id]
    theirs.append(InboxItem.revision == revision if whom is None else InboxItem.collaborator_id == whom)
    afresh = {
        "state": InboxState.UNREAD.value,
        "told_at": work.now,
        "read_at": None,
        "done_at": None,
        "done_because": None,
    }
    statement = update(InboxItem).where(*theirs, InboxItem.state == InboxState.DONE.value).values(afresh)
    await _tell(work, list(await work.session.scalars(statement.returning(InboxItem.collaborator_id))))


async def opened(work: UnitOfWork, collaborator: UUID, kind: str, id: UUID) -> None:
    """Whoever opens a mail's link has read what it tells."""
    mine = (InboxItem.collaborator_id == collaborator, InboxItem.cause_kind == kind, InboxItem.cause_id == id)
    await _mark(work, [*mine, InboxItem.state == InboxState.UNREAD.value], InboxState.READ)


async def mark(work: UnitOfWork, ids: Collection[UUID], state: InboxState) -> UUID:
    """Mark some of one's own; those of others are not seen. Gives whose inbox it is."""
    if len(ids) > MOST_MARKED:
        raise InvalidInput("ids", f"At most {MOST_MARKED} at a time.")
    me = _me(work)
    mine = (InboxItem.collaborator_id == me, InboxItem.id.in_(ids), InboxItem.state != state.value)
    await _mark(work, mine, state, "READER")
    return me


async def mark_all(
    work: UnitOfWork, state: InboxState, category: Category | None = None, until: datetime | None = None
) -> UUID:
    """Mark everything that one was told until a moment, of one category or of any; what is done stays done."""
    me = _me(work)
    mine = [InboxItem.collaborator_id == me, InboxItem.state.not_in([state.value, InboxState.DONE.value])]
    if category is not None:
        mine.append(InboxItem.category == category.value)
    if until is not None:
        mine.append(InboxItem.told_at <= until)
    await _mark(work, mine, state, "READER")
    return me


def _me(work: UnitOfWork) -> UUID:
    if work.actor.collaborator is None:
        raise Forbidden("have an inbox")
    return work.actor.collaborator


async def _mark(
    work: UnitOfWork, where: Sequence[ColumnElement[bool]], state: InboxState, because: str | None = None
) -> None:
    unread, done = state is InboxState.UNREAD, state is InboxState.DONE
    values = {
        "state": state.value,
        "read_at": None if unread else case((InboxItem.read_at.is_(None), work.now), else_=InboxItem.read_at),
        "done_at": work.now if done else None,
        "done_because": because if done else None,
    }
    statement = update(InboxItem).where(*where).values(values).returning(InboxItem.collaborator_id)
    await _tell(work, list(await work.session.scalars(statement)))


async def _tell(work: UnitOfWork, ids: Collection[UUID]) -> None:
    if ids:
        await work.emit(inbox_changed(sorted(set(ids))))
