"""What happened on a deal, and what is ahead of it, as expressions that correlate with it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from services.deals.model import Deal, Event, Message, Task
from services.deals.states.task import TaskStatus

_OVER = func.coalesce(Event.recurs_until, Event.ends_at)
"""When an appointment is over for good."""


def planned(now: datetime, quiet_days: ColumnElement[int]) -> ColumnElement[bool]:
    """An appointment or a due task ahead on the deal, by at most so many days: not too far ahead to be an excuse."""
    quiet = func.make_interval(0, 0, 0, quiet_days)
    appointment = and_(now < _OVER, Event.starts_at <= now + quiet)
    due_at = func.coalesce(Task.due_at, Event.created_at + quiet)
    task = and_(Task.status == TaskStatus.OPEN.value, due_at.between(now, now + quiet))
    return _on_the_deal(or_(appointment, task))


def happened(now: datetime, lately: datetime) -> ColumnElement[bool]:
    """Something that happened on the deal after `lately`.

    One anti-join over events for all deals; what happened last is then looked up for the few deals that are left.
    """
    return _on_the_deal(_happened(now) > lately)


def wrote(lately: datetime) -> ColumnElement[bool]:
    """Somebody wrote a message to the deal's people after `lately`."""
    return exists().where(Message.deal_id == Deal.id, Message.created_at > lately).correlate(Deal)


def last_message() -> ColumnElement[datetime]:
    """When somebody last wrote a message to the deal's people; null where nobody did."""
    return select(func.max(Message.created_at)).where(Message.deal_id == Deal.id).correlate(Deal).scalar_subquery()


def _on_the_deal(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Event.id)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None), condition)
        .correlate_except(Event, Task)
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
        case((now >= _OVER, _OVER)),
        Task.completed_at,
        case((Task.due_at <= now, Task.due_at)),
    )
