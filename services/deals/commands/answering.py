"""What those whom an appointment invites answer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from services.deals import events
from services.deals.commands.events import state_of
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import EventCancelled
from services.deals.model import Attendee, Collaborator, Contact, Event
from services.deals.values.attendance import Answer
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody who was invited answers; a contact's answer is written down by a collaborator."""

    event: UUID
    person: UUID
    answer: Answer
    references: tuple[Reference, ...] = ()


async def answer_invitation(work: UnitOfWork, order: Reply) -> UUID:
    """Write an answer down; the same again changes nothing. Raises NotFound, EventCancelled. Gives the event's id."""
    event = await locked(work, Event, order.event, "eventId")
    if event.cancelled_at is not None:
        raise EventCancelled
    attendee = await work.session.get(Attendee, (event.id, order.person), populate_existing=True)
    if attendee is None:
        raise NotFound("collaborator", order.person, "eventId")
    if attendee.answer != order.answer.value:
        await _change(work, event, attendee, order.answer)
    return event.id


async def _change(work: UnitOfWork, event: Event, attendee: Attendee, answer: Answer) -> None:
    before, attendee.answer = attendee.answer, answer.value
    attendee.answered_at = None if answer is Answer.NONE else work.now
    event.version += 1
    event.updated_at = work.now
    subject = await subject_of(work, event.deal_id, event.contact_id)
    changes: dict[str, tuple[Any, Any]] = {
        "event_id": (None, event.id),
        f"{attendee.kind}_id": (None, attendee.person_id),
        "answer": (before, attendee.answer),
    }
    await record(work, "invitation_answered", subject, changes, thing=event.id)
    name = await _name(work, attendee)
    state = await state_of(work, event)
    await work.emit(events.invitation_answered(state, subject, attendee, name, work.actor.collaborator))


async def _name(work: UnitOfWork, attendee: Attendee) -> str:
    copies = Collaborator if attendee.kind == "collaborator" else Contact
    return await work.session.scalar(select(copies.name).where(copies.id == attendee.person_id)) or ""
