"""Reads of publications, gathered for all that ask in the same turn."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from chassis.database import ReadSession
from services.notifier.model import CauseKind, Delivery, Organization, Status
from services.notifier.publications.feed import PUBLICATION
from services.notifier.publications.model import Edition, PublicationReader, Round, table

_FAILED = [Status.BOUNCED.value, Status.REJECTED.value]
_READERS = table(PublicationReader).c
ZERO = {"readers": 0, "read": 0, "answered": 0, "unsubscribed": 0, "sent": 0, "bounced": 0, "skipped": 0, "waiting": 0}


async def publications(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Publications that the scope sees, by id, None for those that are not there."""
    return await session.by_key(select(*PUBLICATION.c), PUBLICATION.c.id, ids)


async def counts(session: ReadSession, ids: Sequence[UUID]) -> Sequence[dict[str, int]]:
    """What became of readers and mails, counted as it is asked: never out of step."""
    found: dict[UUID, dict[str, int]] = {id: {**ZERO} for id in ids}
    readers = select(
        _READERS.publication_id,
        func.count().label("readers"),
        func.count(_READERS.read_at).label("read"),
        func.count(_READERS.answered_at).label("answered"),
        func.count(_READERS.unsubscribed_at).label("unsubscribed"),
    ).where(_READERS.publication_id.in_(ids))
    for row in await session.rows(readers.group_by(_READERS.publication_id)):
        found[row.publication_id].update(row._mapping)
    for row in await session.rows(_mails(ids)):
        found[row.cause_id].update(row._mapping)
    return [found[id] for id in ids]


def _mails(ids: Sequence[UUID]) -> Any:
    """Each reader once, by the best that became of their mails, reminders included; mails to followers are theirs."""
    person = func.coalesce(Delivery.contact_id, Delivery.collaborator_id)
    mine = (Delivery.cause_kind == CauseKind.PUBLICATION.value, Delivery.cause_id.in_(ids))
    each = (
        select(
            Delivery.cause_id,
            func.bool_or(Delivery.status == Status.SENT.value).label("sent"),
            func.bool_or(Delivery.status.in_(_FAILED)).label("failed"),
            func.bool_or(Delivery.next_attempt_at.is_not(None)).label("waits"),
        )
        .where(*mine)
        .group_by(Delivery.cause_id, person)
        .subquery()
    )
    failed = and_(~each.c.sent, each.c.failed)
    return select(
        each.c.cause_id,
        func.count().filter(each.c.sent).label("sent"),
        func.count().filter(failed).label("bounced"),
        func.count().filter(and_(~each.c.sent, ~each.c.failed, each.c.waits)).label("waiting"),
        func.count().filter(and_(~each.c.sent, ~each.c.failed, ~each.c.waits)).label("skipped"),
    ).group_by(each.c.cause_id)


async def answers(session: ReadSession, ids: Sequence[UUID]) -> Sequence[dict[str, int]]:
    """How often each option was chosen."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    chosen = (_READERS.publication_id.in_(ids), _READERS.choice.is_not(None))
    columns = (_READERS.publication_id, _READERS.choice, func.count().label("many"))
    statement = select(*columns).where(*chosen).group_by(_READERS.publication_id, _READERS.choice)
    for row in await session.rows(statement):
        found[row.publication_id][row.choice] = row.many
    return [found[id] for id in ids]


async def editions(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Any]]:
    """What publications said, first to last."""
    return await _of(session, Edition, "number", ids)


async def rounds(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Any]]:
    """When they were told, and will be."""
    return await _of(session, Round, "number", ids)


async def _of(session: ReadSession, kind: Any, order: str, ids: Sequence[UUID]) -> Sequence[list[Any]]:
    columns, found = table(kind).c, defaultdict[UUID, list[Any]](list)
    statement = select(*columns).where(columns.publication_id.in_(ids)).order_by(columns.publication_id, columns[order])
    for row in await session.rows(statement):
        found[row.publication_id].append(row)
    return [found[id] for id in ids]


async def publishers(session: ReadSession, ids: Sequence[UUID]) -> Sequence[str]:
    """What organizations are called, by id."""
    named = await session.rows(select(Organization.id, Organization.name).where(Organization.id.in_(ids)))
    found = {row.id: row.name for row in named}
    return [found.get(id, "") for id in ids]
