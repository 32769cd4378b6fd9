"""What happened on a deal, and what is ahead of it, as expressions that correlate with it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from services.deals.model import Deal, Event, Stage, Task
from services.deals.states.task import TaskStatus

QUIET_AT_MOST = timedelta(days=60)


def stirring(now: datetime, lately: ColumnElement[datetime] | datetime | None = None) -> ColumnElement[bool]:
    """An appointment or a due task ahead, not too far ahead to be an excuse, or something that happened after `lately`.

    One anti-join over events for all deals; what happened last is then looked up for the few deals that are left.
    """
    horizon = now + QUIET_AT_MOST
    appointment = and_(Event.ends_at > now, Event.starts_at <= horizon)
    due_at = func.coalesce(Task.due_at, Event.created_at + QUIET_AT_MOST)
    task = and_(Task.status == TaskStatus.OPEN.value, due_at.between(now, horizon))
    recent = false() if lately is None else _happened(now) > lately
    return (
        select(Event.id)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None))
        .where(or_(appointment, task, recent))
        .correlate(Deal, Stage)
        .exists()
    )


def last_event(now: datetime) -> ColumnElement[datetime]:
    """When the last thing happened; null where there is none."""
    return (
        select(func.max(_happened(now)))
        .select_from(Event)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None))
        .correlate(Deal)
        .scalar_subquery()
    )


def _happened(now: datetime) -> ColumnElement[datetime]:
    """When an event was written, took place, was done or was due, whichever came last."""
    return func.greatest(
        Event.created_at,
        case((Event.ends_at <= now, Event.ends_at)),
        Task.completed_at,
        case((Task.due_at <= now, Task.due_at)),
    )
