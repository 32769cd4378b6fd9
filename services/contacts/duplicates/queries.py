"""Every SELECT of the read side of duplicates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select

from chassis.database import ReadSession
from services.contacts.duplicates.looking import Likely, like, like_those
from services.contacts.model import DuplicateKind, DuplicatePair, DuplicateSearch, DuplicateState

PAIR = select(
    DuplicatePair.id,
    DuplicatePair.version,
    DuplicatePair.kind,
    DuplicatePair.first_id,
    DuplicatePair.second_id,
    DuplicatePair.score,
    DuplicatePair.reasons,
    DuplicatePair.state,
    DuplicatePair.settled_at,
    DuplicatePair.settled_by_id,
    DuplicatePair.created_at,
    DuplicatePair.updated_at,
)
SEARCH = select(
    DuplicateSearch.id,
    DuplicateSearch.version,
    DuplicateSearch.state,
    DuplicateSearch.total,
    DuplicateSearch.position,
    DuplicateSearch.found_count,
    DuplicateSearch.created_by_id,
    DuplicateSearch.created_at,
    DuplicateSearch.updated_at,
)


async def pairs(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Pairs by id."""
    return await read.by_key(PAIR, DuplicatePair.id, ids)


async def searches(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Searches by id."""
    return await read.by_key(SEARCH, DuplicateSearch.id, ids)


def concerns(id: UUID) -> ColumnElement[bool]:
    """Pairs of which a record is one."""
    return or_(DuplicatePair.first_id == id, DuplicatePair.second_id == id)


async def like_new(read: ReadSession, kind: DuplicateKind, record: Any) -> list[Likely]:
    """What is like a record that is not there yet; what was said of pairs does not concern it."""
    return (await like(read.rows, kind, {UUID(int=0): record}))[UUID(int=0)]


async def like_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[list[Likely]]:
    """What is like each of these contacts, but for what was said not to be."""
    return await _like(read, DuplicateKind.CONTACT, ids)


async def like_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[list[Likely]]:
    """What is like each of these accounts, but for what was said not to be."""
    return await _like(read, DuplicateKind.ACCOUNT, ids)


async def _like(read: ReadSession, kind: DuplicateKind, ids: Sequence[UUID]) -> list[list[Likely]]:
    found = await like_those(read.rows, kind, ids)
    apart = await _apart(read, ids)
    return [[each for each in found[id] if frozenset((id, each.id)) not in apart] for id in ids]


async def _apart(read: ReadSession, ids: Sequence[UUID]) -> set[frozenset[UUID]]:
    pair = DuplicatePair
    either = or_(pair.first_id.in_(ids), pair.second_id.in_(ids))
    statement = select(pair.first_id, pair.second_id).where(either, pair.state == DuplicateState.DISMISSED)
    return {frozenset((row.first_id, row.second_id)) for row in await read.rows(statement)}
