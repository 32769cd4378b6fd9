"""What happened on deals, and what is ahead of them: relations to join."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, or_, select

from chassis.arrays import one_of
from services.deals.model import Deal, Event, Message, Task
from services.deals.rules.base import Among
from services.deals.states.task import TaskStatus

_OVER = func.coalesce(Event.recurs_until, Event.ends_at)
"""When an appointment is over for good."""


def activity(now: datetime, among: Among = None) -> Subquery:
    """`deal_id`, when the `last` thing happened on it, and what is ahead of it.

    `soonest` is when the next thing planned begins or is due, `undated` when the newest open task without a date was
    given. Put together once for all deals, in one pass: looked up deal by deal, a million would take minutes.
    """
    appointment = case((now < _OVER, Event.starts_at))
    due = case((_waits(now) & (Task.due_at >= now), Task.due_at))
    undated = case((_waits(now) & Task.due_at.is_(None), Event.created_at))
    columns = (
        func.max(_happened(now)).label("last"),
        func.min(func.least(appointment, due)).label("soonest"),
        func.max(undated).label("undated"),
    )
    return _by_deal(now, columns, among).subquery("activity")


def keeps_quiet(told: Any, now: datetime, quiet_days: ColumnElement[int]) -> ColumnElement[bool]:
    """Of a cause that tells what is ahead, as `activity` does: it is not too far to be an excuse.

    A task without a date is one for as many days.
    """
    quiet = _days(quiet_days)
    return func.coalesce(or_(told.soonest <= now + quiet, told.undated + quiet >= now), false())


def is_planned(deal: ColumnElement[UUID], now: datetime, quiet_days: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """The same of a deal on which nothing is known: something is ahead, one condition for each kind of thing."""
    near = now + _days(quiet_days)
    soon = case(
        (Task.due_at.is_(None), Event.created_at >= now - _days(quiet_days)), else_=Task.due_at.between(now, near)
    )
    of_deal = select(Event.id).where(Event.deal_id == deal, quiet_days > 0, Event.created_at <= now, _stands(now))
    appointment = of_deal.where(now < _OVER, Event.starts_at <= near)
    task = of_deal.join(Task, Task.event_id == Event.id).where(_waits(now), soon)
    return [appointment.exists(), task.exists()]


def _days(count: ColumnElement[int]) -> ColumnElement[timedelta]:
    return func.make_interval(0, 0, 0, count)


def _waits(now: datetime) -> ColumnElement[bool]:
    return or_(Task.status == TaskStatus.OPEN.value, Task.completed_at > now)


def messages(now: datetime, among: Among = None) -> Subquery:
    """`deal_id`, and when somebody `last` wrote a message to the deal's people."""
    found = select(Message.deal_id, func.max(Message.created_at).label("last")).group_by(Message.deal_id)
    found = found.where(Message.created_at <= now)
    return (found if among is None else found.where(one_of(Message.deal_id, among))).subquery("wrote")


def edges(now: datetime, among: Among) -> Select[*tuple[Any, ...]]:
    """`deal_id`, and the next moments from `now` on at which the clock makes happen or end what is planned on it.

    `over`, of an appointment, `due`, of a task; `soonest` and `undated` as `activity` has them.
    """
    planned = activity(now, among)
    over, due = (func.min(case((moment >= now, moment))) for moment in (_OVER, Task.due_at))
    turns = _by_deal(now, (over.label("over"), due.label("due")), among).subquery("turns")
    return select(turns.c.deal_id, turns.c.over, turns.c.due, planned.c.soonest, planned.c.undated).join(
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
    found = (
        select(Event.deal_id, *columns)
        .outerjoin(Task, Task.event_id == Event.id)
        .where(Event.deal_id.is_not(None), Event.created_at <= now, _stands(now))
        .group_by(Event.deal_id)
    )
    return found if among is None else found.where(one_of(Event.deal_id, among))


def _stands(now: datetime) -> ColumnElement[bool]:
    # As it was then: a rehearsal asks of days gone by.
    return or_(Event.cancelled_at.is_(None), Event.cancelled_at > now)


def _happened(now: datetime) -> ColumnElement[datetime]:
    """When an event was written, took place, was done or was due, whichever came last."""
    return func.greatest(
        Event.created_at,
        case((now >= _OVER, _OVER)),
        case((Task.completed_at <= now, Task.completed_at)),
        case((Task.due_at <= now, Task.due_at)),
    )
