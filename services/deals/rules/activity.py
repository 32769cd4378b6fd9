"""What happened on deals, and what is ahead of them: relations to join."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, or_, select

from services.deals.model import Deal, Event, Message, Task
from services.deals.rules.base import Among, one_of
from services.deals.states.task import TaskStatus

_OVER = func.coalesce(Event.recurs_until, Event.ends_at)
"""When an appointment is over for good."""


def ahead(now: datetime, among: Among = None) -> Subquery:
    """`deal_id`, when the `soonest` thing planned on it begins or is due, and its newest `undated` task.

    Put together once for all deals: looked up deal by deal, a million would take minutes.
    """
    appointment = case((now < _OVER, Event.starts_at))
    waits = or_(Task.status == TaskStatus.OPEN.value, Task.completed_at > now)
    due = case((waits & (Task.due_at >= now), Task.due_at))
    undated = case((waits & Task.due_at.is_(None), Event.created_at))
    columns = (func.min(func.least(appointment, due)).label("soonest"), func.max(undated).label("undated"))
    return _by_deal(now, columns, among).where(or_(now < _OVER, waits)).subquery("ahead")


def keeps_quiet(told: Subquery, now: datetime, quiet_days: ColumnElement[int]) -> ColumnElement[bool]:
    """Something is ahead, not too far to be an excuse; a task without a date is one for as many days."""
    quiet = func.make_interval(0, 0, 0, quiet_days)
    return func.coalesce(or_(told.c.soonest <= now + quiet, told.c.undated + quiet >= now), false())


def happenings(now: datetime, among: Among = None) -> Subquery:
    """`deal_id`, and the moment of the `last` thing that happened on it."""
    return _by_deal(now, (func.max(_happened(now)).label("last"),), among).subquery("happened")


def messages(now: datetime, among: Among = None) -> Subquery:
    """`deal_id`, and when somebody `last` wrote a message to the deal's people."""
    found = select(Message.deal_id, func.max(Message.created_at).label("last")).group_by(Message.deal_id)
    found = found.where(Message.created_at <= now)
    return (found if among is None else found.where(one_of(Message.deal_id, among))).subquery("wrote")


def edges(now: datetime, among: Among) -> Select[*tuple[Any, ...]]:
    """`deal_id`, and the next moments from `now` on at which the clock makes happen or end what is planned on it.

    `over`, of an appointment, `due`, of a task; `soonest` and `undated` as `ahead` has them.
    """
    planned = ahead(now, among)
    over, due = (func.min(case((moment >= now, moment))) for moment in (_OVER, Task.due_at))
    turns = _by_deal(now, (over.label("over"), due.label("due")), among).subquery("turns")
    return select(turns.c.deal_id, turns.c.over, turns.c.due, planned.c.soonest, planned.c.undated).outerjoin(
        planned, planned.c.deal_id == turns.c.deal_id
    )


def last_event(now: datetime) -> ColumnElement[datetime]:
    """When the last thing happened on the deal that it correlates with; null where there is none."""
    found = select(func.max(_happened(now))).select_from(Event).outerjoin(Task, Task.event_id == Event.id)
    return found.where(Event.deal_id == Deal.id, Event.cancelled_at.is_(None)).correlate(Deal).scalar_subquery()


def last_message() -> ColumnElement[datetime]:
    """When somebody last wrote a message to the deal's people; null where nobody did."""
    return select(func.max(Message.created_at)).where(Message.deal_id == Deal.id).correlate(Deal).scalar_subquery()


def _by_deal(now: datetime, columns: tuple[Any, ...], among: Among) -> Select[*tuple[Any, ...]]:
    # As it was then: a rehearsal asks of days gone by.
    there = or_(Event.cancelled_at.is_(None), Event.cancelled_at > now)
    found = (
        select(Event.deal_id, *columns)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id.is_not(None), Event.created_at <= now, there)
        .group_by(Event.deal_id)
    )
    return found if among is None else found.where(one_of(Event.deal_id, among))


def _happened(now: datetime) -> ColumnElement[datetime]:
    """When an event was written, took place, was done or was due, whichever came last."""
    return func.greatest(
        Event.created_at,
        case((now >= _OVER, _OVER)),
        case((Task.completed_at <= now, Task.completed_at)),
        case((Task.due_at <= now, Task.due_at)),
    )
