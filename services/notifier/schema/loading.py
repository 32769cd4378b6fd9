"""Reads of the delivery log, gathered for all the parents that ask in the same turn."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from chassis.database import ReadSession
from chassis.graphql.connections import Order
from chassis.graphql.listing import Within
from chassis.identifiers import parse_id
from services.notifier import queries
from services.notifier.model import CauseKind, Delivery, NotifierBase

LOG = NotifierBase.metadata.tables[Delivery.__tablename__].c
OLDEST = (Order(LOG.created_at), Order(LOG.id))


def of_cause(kind: CauseKind, *others: CauseKind) -> Within:
    """The deliveries of an event, an alert, or of another thing, as whatever else it was told."""
    told = queries.deliveries().where(LOG.cause_kind.in_([each.value for each in (kind, *others)]))
    return Within(LOG.cause_id, lambda cause: parse_id(kind.thing, cause.id), told)


OF_DIGEST = Within(LOG.digest_id)
OF_COLLABORATOR = Within(LOG.collaborator_id, lambda one: parse_id("collaborator", one.id))


async def deliveries(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Deliveries by id, None for those that are not there."""
    return await session.by_key(queries.deliveries(), Delivery.id, ids)


async def attempts(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Attempts of deliveries."""
    return await _of_deliveries(session, queries.attempts_of(ids), ids)


async def reports(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """What came back of deliveries."""
    return await _of_deliveries(session, queries.reports_of(ids), ids)


async def _of_deliveries(session: ReadSession, statement: Select[Any], ids: Sequence[UUID]) -> Sequence[Any]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in await session.rows(statement):
        found[row.delivery_id].append(row)
    return [found[id] for id in ids]


async def digests(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Digests by id, None for those that are not there."""
    found = {row.id: row for row in await session.rows(queries.digests(ids))}
    return [found.get(id) for id in ids]


async def told_in_inbox(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """What items of the inbox tell, and in which language they are read."""
    found = {row.id: row for row in await session.rows(queries.told_in_inbox(ids))}
    return [found.get(id) for id in ids]
