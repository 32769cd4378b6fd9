"""Whom an appointment invites, and what they answer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import EventCancelled
from services.deals.model import Attendee, Event
from services.deals.values.attendance import Answer
from services.deals.values.references import MOST_PEOPLE, Reference


async def attendees_of(work: UnitOfWork, event: Event) -> list[Attendee]:
    """An appointment's attendees, in the order of their ids."""
    statement = select(Attendee).where(Attendee.event_id == event.id).order_by(Attendee.person_id)
    return list((await work.session.scalars(statement)).all())


async def attending(work: UnitOfWork, event: Event) -> list[UUID]:
    """The collaborators among them."""
    return [one.person_id for one in await attendees_of(work, event) if one.kind == "collaborator"]


async def set_attendees(
    work: UnitOfWork, event: Event, collaborators: tuple[UUID, ...], contacts: tuple[UUID, ...]
) -> None:
    """Invite people to an appointment. Raises InvalidInput for another kind of event, or over MOST_PEOPLE."""
    people = dict.fromkeys(collaborators, "collaborator") | dict.fromkeys(contacts, "contact")
    if people and event.kind != "APPOINTMENT":
        raise InvalidInput("attendeeIds", f"Only an APPOINTMENT has attendees; this event is a {event.kind}.")
    if len(people) > MOST_PEOPLE:
        raise InvalidInput("attendeeIds", f"At most {MOST_PEOPLE} attendees.")
    for id, kind in people.items():
        row = {"event_id": event.id, "person_id": id, "organization_id": work.organization}
        work.session.add(Attendee(**row, kind=kind, answer=Answer.NONE.value))
    await work.session.flush()


async def replace_attendees(
    work: UnitOfWork, event: Event, collaborators: tuple[UUID, ...] | None, contacts: tuple[UUID, ...] | None
) -> dict[str, tuple[Any, Any]]:
    """Invite others; those who stay keep their answers. What changed."""
    present = await attendees_of(work, event)
    changes: dict[str, tuple[Any, Any]] = {}
    for field, kind, wanted in (("attendees", "collaborator", collaborators), ("contacts", "contact", contacts)):
        before = [one.person_id for one in present if one.kind == kind]
        if wanted is None or set(before) == set(wanted):
            continue
        changes[field] = (before, sorted(wanted))
        gone = [id for id in before if id not in wanted]
        await work.session.execute(delete(Attendee).where(Attendee.event_id == event.id, Attendee.person_id.in_(gone)))
        added = tuple(id for id in wanted if id not in before)
        await set_attendees(work, event, *((added, ()) if kind == "collaborator" else ((), added)))
    return changes


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
    before = attendee.answer
    if before != order.answer.value:
        attendee.answer = order.answer.value
        attendee.answered_at = None if order.answer is Answer.NONE else work.now
        event.version += 1
        event.updated_at = work.now
        subject = await subject_of(work, event.deal_id, event.contact_id)
        changes: dict[str, tuple[Any, Any]] = {
            "event_id": (None, event.id),
            f"{attendee.kind}_id": (None, attendee.person_id),
            "answer": (before, attendee.answer),
        }
        await record(work, "invitation_answered", subject, changes, thing=event.id)
    return event.id
