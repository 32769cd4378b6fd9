"""Writing, changing and cancelling events."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.attendance import attendees_of, attending, replace_attendees, set_attendees
from services.deals.commands.history import place, record, subject_of
from services.deals.commands.locking import lock_deal, locked
from services.deals.commands.planning import moved_of, replan, replanned
from services.deals.errors import EventCancelled
from services.deals.events import EventState
from services.deals.model import Concerned, Deal, Event, Task
from services.deals.queries.copies import concerned_collaborators
from services.deals.states import task as tasks
from services.deals.states.task import Priority, TaskStatus
from services.deals.values.moments import Slot, slot
from services.deals.values.recurrence import Rule
from services.deals.values.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What an instruction asks: of whom, until when."""

    assignee: UUID
    due_at: datetime | None
    priority: Priority = Priority.NORMAL
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to write: a note, or an appointment if it has a slot, or an instruction if it has an assignment."""

    title: str
    description: str = ""
    deal: UUID | None = None
    contact: UUID | None = None
    concerned: tuple[UUID, ...] = ()
    departments: tuple[str, ...] = ()
    slot: Slot | None = None
    place: str | None = None
    link: str | None = None
    rule: Rule | None = None
    attendees: tuple[UUID, ...] = ()
    contacts: tuple[UUID, ...] = ()
    mentions: tuple[UUID, ...] = ()
    assignment: Assignment | None = None
    series: UUID | None = None
    excluded: tuple[datetime, ...] = ()

    @property
    def kind(self) -> str:
        """NOTE, APPOINTMENT or INSTRUCTION."""
        return "APPOINTMENT" if self.slot else "INSTRUCTION" if self.assignment else "NOTE"

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [
            *references("contact", "contactId", self.contact),
            *references("collaborator", "concernedIds", *self.concerned),
            *references("collaborator", "attendeeIds", *self.attendees),
            *references("contact", "contactIds", *self.contacts),
            *references("collaborator", "mentionIds", *self.mentions),
            *references("collaborator", "assigneeId", self.assignment.assignee if self.assignment else None),
        ]


async def create_event(work: UnitOfWork, order: NewEvent) -> UUID:
    """Write an event down; alerts whose cause it takes away close with it. Raises InvalidInput, NotFound."""
    if order.deal is None and order.contact is None:
        raise InvalidInput("dealId", "An event is on a deal, or on a contact alone: give dealId or contactId.")
    if order.deal is not None:
        # Locked so that no sweep raises an alert on the deal beside this event.
        await locked(work, Deal, order.deal, "dealId")
    event = _event(work, order)
    work.session.add(event)
    await work.session.flush()
    _add_task(work, event, order.assignment)
    await set_attendees(work, event, order.attendees, order.contacts)
    await _set_concerned(work, event, (*order.concerned, *order.attendees, *order.mentions))
    subject = await subject_of(work, event.deal_id, event.contact_id)
    await place(work, subject, "event", event.id, event.created_at, event.author_id)
    await work.emit(events.event_created(await state_of(work, event), subject))
    await close_what_is_over(work, event.deal_id)
    return event.id


def _event(work: UnitOfWork, order: NewEvent) -> Event:
    event = Event(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        revision=0,
        kind=order.kind,
        title=order.title,
        description=order.description,
        deal_id=order.deal,
        contact_id=order.contact,
        author_id=work.actor.collaborator,
        departments=list(order.departments),
        starts_at=order.slot.starts_at if order.slot else None,
        ends_at=order.slot.ends_at if order.slot else None,
        time_zone=order.slot.time_zone if order.slot else None,
        place=order.place,
        link=order.link,
        recurrence=str(order.rule) if order.rule else None,
        excluded=list(order.excluded),
        series_id=order.series,
        mention_ids=list(order.mentions),
        created_at=work.now,
        updated_at=work.now,
    )
    replan(event, [])
    return event


def _add_task(work: UnitOfWork, event: Event, assignment: Assignment | None) -> None:
    if assignment is None:
        return
    task = Task(
        id=new_id(),
        organization_id=work.organization,
        event_id=event.id,
        assignee_id=assignment.assignee,
        due_at=assignment.due_at,
        status=TaskStatus.OPEN.value,
        priority=assignment.priority.value,
        checklist=[{"text": text, "done": False} for text in assignment.checklist],
    )
    work.session.add(task)


async def _set_concerned(work: UnitOfWork, event: Event, named: tuple[UUID, ...]) -> None:
    statement = concerned_collaborators(named, event.departments)
    for collaborator in (await work.session.scalars(statement)).all():
        work.session.add(Concerned(event_id=event.id, collaborator_id=collaborator, organization_id=work.organization))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """What an event becomes: names of columns of event (`changes`) and task (`task_changes`) that the caller gave."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any] = field(default_factory=dict)
    task_changes: dict[str, Any] = field(default_factory=dict)
    concerned: tuple[UUID, ...] | None = None
    departments: tuple[str, ...] | None = None
    attendees: tuple[UUID, ...] | None = None
    contacts: tuple[UUID, ...] | None = None

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [
            *references("collaborator", "concernedIds", *(self.concerned or ())),
            *references("collaborator", "attendeeIds", *(self.attendees or ())),
            *references("contact", "contactIds", *(self.contacts or ())),
            *references("collaborator", "mentionIds", *self.changes.get("mention_ids", ())),
            *references("collaborator", "assigneeId", self.task_changes.get("assignee_id")),
        ]


_OF_ONE_KIND = {
    "starts_at": ("APPOINTMENT", "startsAt"),
    "ends_at": ("APPOINTMENT", "endsAt"),
    "time_zone": ("APPOINTMENT", "timeZone"),
    "place": ("APPOINTMENT", "place"),
    "link": ("APPOINTMENT", "link"),
    "recurrence": ("APPOINTMENT", "recurrence"),
    "priority": ("INSTRUCTION", "priority"),
    "assignee_id": ("INSTRUCTION", "assigneeId"),
    "due_at": ("INSTRUCTION", "dueAt"),
}


_PLANNED = {"starts_at", "ends_at", "time_zone", "recurrence"}


async def update_event(work: UnitOfWork, order: EventChange) -> UUID:
    """Change an event: its next revision. Raises NotFound, VersionConflict, EventCancelled, InvalidInput.

    Another time or rule is the whole series'; its exceptions stay where it still has them.
    """
    event = await changeable(work, order.id, order.expected_version)
    task = await work.session.scalar(select(Task).where(Task.event_id == event.id).with_for_update())
    _check_kind(event, order)
    changes = {**_apply(event, order.changes), **_apply(task, order.task_changes)}
    _check_slot(event)
    if _PLANNED & changes.keys():
        await replanned(work, event)
    changes.update(await _replace_people(work, event, order))
    if changes:
        await revised(work, event, "event_changed", changes)
    return event.id


async def _replace_people(work: UnitOfWork, event: Event, order: EventChange) -> dict[str, tuple[Any, Any]]:
    """Attendees and whoever else it concerns, where the caller names them anew."""
    changes: dict[str, tuple[Any, Any]] = {}
    if order.departments is not None and list(order.departments) != event.departments:
        changes["departments"] = (event.departments, list(order.departments))
        event.departments = list(order.departments)
    before = await attending(work, event)
    if order.attendees is not None or order.contacts is not None:
        changes.update(await replace_attendees(work, event, order.attendees, order.contacts))
    mentioned = tuple(order.changes.get("mention_ids", ()))
    if order.concerned is not None or changes or mentioned:
        after = await attending(work, event)
        kept = order.concerned if order.concerned is not None else await _named(work, event, before)
        changes.update(await _replace_concerned(work, event, (*kept, *after, *mentioned)))
    return changes


async def _named(work: UnitOfWork, event: Event, attending: list[UUID]) -> list[UUID]:
    """Those whom it concerned for another reason than that they were invited."""
    return [id for id in await _concerned(work, event) if id not in attending]


async def changeable(work: UnitOfWork, id: UUID, version: int | None) -> Event:
    """An event that may be changed, locked. Raises NotFound, VersionConflict, EventCancelled."""
    event = await locked_after_its_deal(work, id, version)
    if event.cancelled_at is not None:
        raise EventCancelled
    return event


async def locked_after_its_deal(work: UnitOfWork, id: UUID, version: int | None = None, field: str = "id") -> Event:
    """The order in which every write takes the two: no deadlock, and no sweep in between."""
    deal = await work.session.scalar(select(Event.deal_id).where(Event.id == id))
    if deal is not None:
        await lock_deal(work, deal)
    return await locked(work, Event, id, field, version)


def _check_kind(event: Event, order: EventChange) -> None:
    for name in (*order.changes, *order.task_changes):
        kind, shown = _OF_ONE_KIND.get(name, (event.kind, name))
        if kind != event.kind:
            raise InvalidInput(shown, f"Only an {kind} has it; this event is a {event.kind}.")


def _check_slot(event: Event) -> None:
    if event.starts_at is not None and event.ends_at is not None and event.time_zone is not None:
        slot(event.starts_at, event.ends_at, event.time_zone)


def _apply(row: Event | Task | None, given: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    made = {name: (getattr(row, name), value) for name, value in given.items() if getattr(row, name) != value}
    for name, (_, value) in made.items():
        setattr(row, name, value)
    return made


async def _replace_concerned(work: UnitOfWork, event: Event, named: tuple[UUID, ...]) -> dict[str, tuple[Any, Any]]:
    before = await _concerned(work, event)
    await work.session.execute(delete(Concerned).where(Concerned.event_id == event.id))
    await _set_concerned(work, event, named)
    await work.session.flush()
    after = await _concerned(work, event)
    return {} if before == after else {"concerned": (before, after)}


async def state_of(work: UnitOfWork, event: Event) -> EventState:
    """The event with all that belongs to it, as this transaction sees it."""
    await work.session.flush()
    task = await work.session.scalar(select(Task).where(Task.event_id == event.id))
    return EventState(
        event, task, await _concerned(work, event), await attendees_of(work, event), await moved_of(work, event)
    )


async def _concerned(work: UnitOfWork, event: Event) -> list[UUID]:
    statement = select(Concerned.collaborator_id).where(Concerned.event_id == event.id)
    return list((await work.session.scalars(statement.order_by(Concerned.collaborator_id))).all())


async def revised(work: UnitOfWork, event: Event, kind: str, changes: dict[str, tuple[Any, Any]]) -> None:
    """An event's next revision, with the fact and the message that tell of it."""
    event.version += 1
    event.revision += 1
    event.updated_at = work.now
    subject = await subject_of(work, event.deal_id, event.contact_id)
    await record(work, kind, subject, {"event_id": (None, event.id), **changes}, thing=event.id)
    await work.emit(events.event_changed(await state_of(work, event), subject, work.actor.collaborator))
    await close_what_is_over(work, event.deal_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """An event that will not be, and why."""

    id: UUID
    reason: str
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def cancel_event(work: UnitOfWork, order: Cancellation) -> UUID:
    """Cancel an event and its open task; it stays on the timeline. Raises NotFound, VersionConflict, EventCancelled."""
    event = await changeable(work, order.id, order.expected_version)
    task = await work.session.scalar(select(Task).where(Task.event_id == event.id).with_for_update())
    event.cancelled_at = work.now
    if task is not None:
        task.status = tasks.cancel(TaskStatus(task.status)).value
    await revised(work, event, "event_cancelled", {"reason": (None, order.reason)})
    return event.id
