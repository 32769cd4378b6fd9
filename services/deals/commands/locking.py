"""Rows taken for a change."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import NotFound, VersionConflict
from services.deals.model import (
    Alert,
    Comment,
    Contract,
    Deal,
    Event,
    Invoice,
    Message,
    Product,
    Quote,
    QuoteRequest,
    Task,
)

Row = TypeVar("Row", Deal, Event, Task, Alert, Comment, Message, Product, Quote, QuoteRequest, Contract, Invoice)
OnDeal = TypeVar("OnDeal", Quote, QuoteRequest, Contract, Invoice)


async def locked(work: UnitOfWork, kind: type[Row], id: UUID, field: str = "id", version: int | None = None) -> Row:
    """The row, locked to the end of the transaction. Raises NotFound, and VersionConflict for another version."""
    async with work.as_seen():
        return await _locked(work, kind, id, field, version)


async def lock_deal(work: UnitOfWork, id: UUID) -> None:
    """Lock the deal that something is on, seen or not: whoever is named on an event may not see its deal."""
    await _locked(work, Deal, id, "id", None)


async def _locked(work: UnitOfWork, kind: type[Row], id: UUID, field: str, version: int | None) -> Row:
    # populate_existing: what another transaction committed while this one waited for the lock must be seen.
    statement = select(kind).where(kind.id == id).with_for_update(key_share=True)
    row = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if row is None:
        raise NotFound(kind.__tablename__, id, field)
    if version is not None and not isinstance(row, Task) and row.version != version:
        raise VersionConflict(version, row.version)
    return row


async def locked_with_its_deal(
    work: UnitOfWork, kind: type[OnDeal], id: UUID, field: str = "id", version: int | None = None
) -> OnDeal:
    """The row, locked after its deal, as every write takes the two. Raises NotFound, VersionConflict."""
    deal = await work.session.scalar(select(kind.deal_id).where(kind.id == id))
    if deal is None:
        raise NotFound(kind.__tablename__, id, field)
    await lock_deal(work, deal)
    return await locked(work, kind, id, field, version)
