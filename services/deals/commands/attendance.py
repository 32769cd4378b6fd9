"""Whom an appointment invites."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from services.deals.model import Attendee, Event
from services.deals.values.attendance import Answer
from services.deals.values.references import MOST_PEOPLE


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
