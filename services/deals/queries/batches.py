"""Rows by id or by what they belong to, one statement for all those asked for at once."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from chassis.database import ReadSession
from services.deals.model import (
    Alert,
    Base,
    ClosePush,
    Collaborator,
    Concerned,
    Deal,
    Document,
    Event,
    FollowerTeam,
    FollowRule,
    Notification,
    Organization,
    Participant,
    Pipeline,
    Stage,
    StageVisit,
    Task,
)
from services.deals.queries.criteria import lacking, read_lacking
from services.deals.queries.followers import following
from services.deals.values.stages import Requirement

One = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[Row[Any] | None]]]
Many = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[list[Row[Any]]]]]


def _one(kind: type[Base], key: str = "id") -> One:
    table: Any = kind.__table__

    async def batch(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Row[Any] | None]:
        rows = await session.rows(select(table).where(table.c[key].in_(ids)))
        found = {row._mapping[key]: row for row in rows}
        return [found.get(id) for id in ids]

    return batch


def _many(kind: type[Base], key: str, *order: str, where: ColumnElement[bool] | None = None) -> Many:
    table: Any = kind.__table__

    async def batch(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Row[Any]]]:
        statement = select(table).where(table.c[key].in_(ids)).order_by(*(table.c[name] for name in order))
        found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
        for row in await session.rows(statement if where is None else statement.where(where)):
            found[row._mapping[key]].append(row)
        return [found[id] for id in ids]

    return batch


alerts = _one(Alert)
collaborators = _one(Collaborator)
deals = _one(Deal)
events = _one(Event)
notifications = _one(Notification)
organizations = _one(Organization)
pipelines = _one(Pipeline)
stages = _one(Stage)
tasks = _one(Task)
task_of_event = _one(Task, "event_id")

alerts_of_deal = _many(Alert, "deal_id", "id")
concerned_of_event = _many(Concerned, "event_id", "collaborator_id")
teams_of_deal = _many(FollowerTeam, "deal_id", "since", "team_id")
participants_of_deal = _many(Participant, "deal_id", "contact_id")
facts_of_burst = _many(Notification, "head_id", "at", "id")
documents_of_deal = _many(Document, "deal_id", "added_at", "id", where=Document.removed_at.is_(None))
documents_of_event = _many(Document, "event_id", "added_at", "id", where=Document.removed_at.is_(None))
documents = _one(Document)
follow_rules = _one(FollowRule)
pushes_of_deal = _many(ClosePush, "deal_id", "at", "id")
stages_of_pipeline = _many(Stage, "pipeline_id", "position", where=Stage.archived_at.is_(None))
stays_of_deal = _many(StageVisit, "deal_id", "entered_at", "id")


async def followers_of_deal(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Row[Any]]]:
    """Each deal's followers with why they are: `collaborator_id, because`."""
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await session.rows(following(ids)):
        found[row.deal_id].append(row)
    return [found[id] for id in ids]


async def lacks_of_deal(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Requirement]]:
    """What each deal lacks of what a stage may require."""
    found = {row.id: read_lacking(row) for row in await session.rows(lacking(ids))}
    return [found.get(id, []) for id in ids]
