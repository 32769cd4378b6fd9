"""Reads of the delivery log, gathered for all the parents that ask in the same turn."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select

from chassis.database import ReadSession
from chassis.graphql.connections import Connection, Order, Paging, first_pages, page
from chassis.graphql.context import Context
from services.notifier import queries
from services.notifier.model import CauseKind, Delivery, NotifierBase
from services.notifier.queries import Found

T = TypeVar("T")
LOG = NotifierBase.metadata.tables[Delivery.__tablename__].c
LOG_ORDER = (Order(LOG.created_at), Order(LOG.id))


class Parent(Enum):
    """Whose deliveries are asked for."""

    EVENT = "EVENT"
    ALERT = "ALERT"
    COLLABORATOR = "COLLABORATOR"

    def statement(self) -> Select[Any]:
        """The deliveries of all such parents."""
        if self is Parent.COLLABORATOR:
            return queries.deliveries()
        kind = CauseKind.EVENT if self is Parent.EVENT else CauseKind.ALERT
        return queries.deliveries().where(LOG.cause_kind == kind.value)

    @property
    def column(self) -> ColumnElement[UUID]:
        """Which column names the parent."""
        return LOG.collaborator_id if self is Parent.COLLABORATOR else LOG.cause_id


@dataclass(frozen=True)
class _FirstPages(Generic[T]):
    """Gathers the parents of one list in a request; equal where the same page is asked for."""

    by: Parent
    paging: Paging
    node: Callable[[Found], T]

    async def __call__(self, session: ReadSession, ids: Sequence[UUID]) -> Sequence[Connection[T]]:
        statement, column = self.by.statement(), self.by.column
        return await first_pages(session, statement, column, ids, LOG_ORDER, self.paging, self.node)


async def page_of(context: Context, by: Parent, id: UUID, paging: Paging, node: Callable[[Found], T]) -> Connection[T]:
    """A page of one parent's deliveries; first pages are read for all the parents at once."""
    if paging.cursor is None:
        connection: Connection[T] = await context.load(_FirstPages(by, paging, node), id)
        return connection
    return await page(context.read, by.statement().where(by.column == id), LOG_ORDER, paging, node)


async def deliveries(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Deliveries by id, None for those that are not there."""
    rows = await session.rows(queries.deliveries().where(Delivery.id.in_(ids)))
    found = {row.id: row for row in rows}
    return [found.get(id) for id in ids]


async def attempts(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Attempts of deliveries."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in await session.rows(queries.attempts_of(ids)):
        found[row.delivery_id].append(row)
    return [found[id] for id in ids]
