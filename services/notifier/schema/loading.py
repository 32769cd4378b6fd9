"""Reads of the delivery log, gathered for all the parents that ask in the same turn."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement

from chassis.database import ReadSession
from chassis.graphql.connections import Connection, Order, Paging, page
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

    def clauses(self, id: UUID) -> list[ColumnElement[bool]]:
        """What its deliveries have in common."""
        if self is Parent.COLLABORATOR:
            return [Delivery.collaborator_id == id]
        kind = CauseKind.EVENT if self is Parent.EVENT else CauseKind.ALERT
        return [Delivery.cause_kind == kind.value, Delivery.cause_id == id]


async def page_of(context: Context, by: Parent, id: UUID, paging: Paging, node: Callable[[Found], T]) -> Connection[T]:
    """A page of one parent's deliveries."""
    return await page(context.read, queries.deliveries().where(*by.clauses(id)), LOG_ORDER, paging, node)


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
