"""What awaits a collaborator in a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Select, and_, cast, exists, func, literal, or_, select

from services.deals.model import (
    Alert,
    Attendee,
    Collaborator,
    Concerned,
    Deal,
    Event,
    Message,
    MessageRecipient,
    Organization,
    Stage,
    Task,
)
from services.deals.rules.activity import last_event, last_message
from services.deals.states import deal as phases
from services.deals.states.alert import AlertStatus
from services.deals.states.message import FAILED
from services.deals.states.task import TaskStatus

MOST = 100
"""Of each kind."""
_DAY_SECONDS = 86_400
FAILURES_TOLD = timedelta(days=7)
"""How long after it was written a message that failed is told of."""
GOING_STALE = 0.7
"""Share of the days that a stage should take, after which a quiet deal is told of."""


def zone_of(organization: UUID, collaborator: UUID) -> Select[*tuple[Any, ...]]:
    """`time_zone` of a collaborator, and the organization's where theirs is not known."""
    own = select(Collaborator.time_zone).where(Collaborator.id == collaborator).scalar_subquery()
    return select(func.coalesce(func.nullif(own, ""), Organization.time_zone)).where(Organization.id == organization)


def appointments(me: UUID, begins: datetime, ends: datetime) -> Select[*tuple[Any, ...]]:
    """Appointments that may have an occurrence in the span, and concern or invite me, or were written by me."""
    once = and_(Event.recurrence.is_(None), Event.ends_at > begins)
    again = Event.recurs_until > begins
    return (
        select(Event.__table__)
        .where(Event.kind == "APPOINTMENT", Event.cancelled_at.is_(None), Event.starts_at < ends, or_(once, again))
        .where(or_(Event.author_id == me, _concerns(me), _invites(me)))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )


def _concerns(me: UUID) -> ColumnElement[bool]:
    return exists().where(Concerned.event_id == Event.id, Concerned.collaborator_id == me)


def _invites(me: UUID) -> ColumnElement[bool]:
    return exists().where(Attendee.event_id == Event.id, Attendee.person_id == me, Attendee.answer != "DECLINED")


def declined(me: UUID) -> ColumnElement[bool]:
    """Appointments that I said I do not come to."""
    return exists().where(Attendee.event_id == Event.id, Attendee.person_id == me, Attendee.answer == "DECLINED")


def tasks(me: UUID, ends: datetime) -> Select[*tuple[Any, ...]]:
    """My open tasks that are due by the end of the day, those overdue first."""
    mine = and_(Task.assignee_id == me, Task.status == TaskStatus.OPEN.value, Task.due_at < ends)
    return select(Task.__table__).where(mine).order_by(Task.due_at, Task.id).limit(MOST)


def alerts(me: UUID, *, admin: bool) -> Select[*tuple[Any, ...]]:
    """Alerts of which nobody has taken charge and I should, oldest first."""
    for_me = literal(me) == func.any(Alert.addressee_ids)
    whose = or_(for_me, func.cardinality(Alert.addressee_ids) == 0) if admin else for_me
    raised = Alert.status == AlertStatus.RAISED.value
    return select(Alert.__table__).where(raised, whose).order_by(Alert.raised_at, Alert.id).limit(MOST)


def failed_messages(me: UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    """My messages of the last days of which a mail failed, newest first."""
    failed = MessageRecipient.status.in_([status.value for status in FAILED])
    lately = and_(Message.author_id == me, Message.created_at > now - FAILURES_TOLD)
    one = exists().where(MessageRecipient.message_id == Message.id, failed)
    return select(Message.__table__).where(lately, one).order_by(Message.id.desc()).limit(MOST)


def going_stale(me: UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    """My open deals on which nothing has happened for GOING_STALE of their stage's days, the quietest first."""
    last = func.greatest(Deal.stage_entered_at, Deal.updated_at, last_event(now), last_message())
    seconds = cast(Stage.expected_days, Double) * literal(_DAY_SECONDS * GOING_STALE, Double)
    quiet = func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return (
        select(Deal.__table__)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Deal.owner_id == me, Deal.phase.in_(sorted(phases.OPEN)), last <= now - quiet)
        .order_by(last, Deal.id)
        .limit(MOST)
    )
