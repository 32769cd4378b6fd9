"""Writing, changing and cancelling events."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.history import place, record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import EventCancelled
from services.deals.model import Concerned, Deal, Event, Task
from services.deals.queries.copies import concerned_collaborators
from services.deals.states import task as tasks
from services.deals.states.task import TaskStatus
from services.deals.values.moments import Slot, slot
from services.deals.values.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What an instruction asks: of whom, until when."""

    assignee: UUID
    due_at: datetime | None


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
    assignment: Assignment | None = None

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
    task = _task(work, event, order.assignment)
    concerned = await _set_concerned(work, event, order.concerned)
    subject = await subject_of(work, event.deal_id, event.contact_id)
    await place(work, subject, "event", event.id, event.created_at, event.author_id)
    await work.emit(events.event_created(event, task, concerned, subject))
    await close_what_is_over(work, event.deal_id)
    return event.id


def _event(work: UnitOfWork, order: NewEvent) -> Event:
    return Event(
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
        created_at=work.now,
        updated_at=work.now,
    )


def _task(work: UnitOfWork, event: Event, assignment: Assignment | None) -> Task | None:
    if assignment is None:
        return None
    task = Task(
        id=new_id(),
        organization_id=work.organization,
        event_id=event.id,
        assignee_id=assignment.assignee,
        due_at=assignment.due_at,
        status=TaskStatus.OPEN.value,
    )
    work.session.add(task)
    return task


async def _set_concerned(work: UnitOfWork, event: Event, named: tuple[UUID, ...]) -> list[UUID]:
    statement = concerned_collaborators(named, event.departments)
    found = list((await work.session.scalars(statement)).all())
    for collaborator in found:
        work.session.add(Concerned(event_id=event.id, collaborator_id=collaborator, organization_id=work.organization))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """What an event becomes: names of columns of event (`changes`) and task (`task_changes`) that the caller gave."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any] = field(default_factory=dict)
    task_changes: dict[str, Any] = field(default_factory=dict)
    concerned: tuple[UUID, ...] | None = None

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [
            *references("collaborator", "concernedIds", *(self.concerned or ())),
            *references("collaborator", "assigneeId", self.task_changes.get("assignee_id")),
        ]


_OF_ONE_KIND = {
    "starts_at": ("APPOINTMENT", "startsAt"),
    "ends_at": ("APPOINTMENT", "endsAt"),
    "time_zone": ("APPOINTMENT", "timeZone"),
    "place": ("APPOINTMENT", "place"),
    "assignee_id": ("INSTRUCTION", "assigneeId"),
    "due_at": ("INSTRUCTION", "dueAt"),
}


async def update_event(work: UnitOfWork, order: EventChange) -> UUID:
    """Change an event: its next revision. Raises NotFound, VersionConflict, EventCancelled, InvalidInput."""
    event = await _changeable(work, order.id, order.expected_version)
    task = await work.session.scalar(select(Task).where(Task.event_id == event.id).with_for_update())
    _check_kind(event, order)
    changes = {**_apply(event, order.changes), **_apply(task, order.task_changes)}
    _check_slot(event)
    if order.concerned is not None:
        changes.update(await _replace_concerned(work, event, order.concerned))
    if changes:
        await _revised(work, event, task, "event_changed", changes)
    return event.id


async def _changeable(work: UnitOfWork, id: UUID, version: int | None) -> Event:
    event = await _locked_after_its_deal(work, id, version)
    if event.cancelled_at is not None:
        raise EventCancelled
    return event


async def _locked_after_its_deal(work: UnitOfWork, id: UUID, version: int | None = None) -> Event:
    """The order in which every write takes the two: no deadlock, and no sweep in between."""
    deal = await work.session.scalar(select(Event.deal_id).where(Event.id == id))
    if deal is not None:
        await locked(work, Deal, deal)
    return await locked(work, Event, id, version=version)


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
    after = await _set_concerned(work, event, named)
    return {} if before == after else {"concerned": (before, after)}


async def _concerned(work: UnitOfWork, event: Event) -> list[UUID]:
    statement = select(Concerned.collaborator_id).where(Concerned.event_id == event.id)
    return list((await work.session.scalars(statement.order_by(Concerned.collaborator_id))).all())


async def _revised(
    work: UnitOfWork, event: Event, task: Task | None, kind: str, changes: dict[str, tuple[Any, Any]]
) -> None:
    event.version += 1
    event.revision += 1
    event.updated_at = work.now
    subject = await subject_of(work, event.deal_id, event.contact_id)
    await record(work, kind, subject, {"event_id": (None, event.id), **changes}, thing=event.id)
    await work.emit(events.event_changed(event, task, await _concerned(work, event), subject, work.actor.collaborator))
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
    event = await _changeable(work, order.id, order.expected_version)
    task = await work.session.scalar(select(Task).where(Task.event_id == event.id).with_for_update())
    event.cancelled_at = work.now
    if task is not None:
        task.status = tasks.cancel(TaskStatus(task.status)).value
    await _revised(work, event, task, "event_cancelled", {"reason": (None, order.reason)})
    return event.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A task that is done."""

    id: UUID
    references: tuple[Reference, ...] = ()


async def complete_task(work: UnitOfWork, order: Completion) -> UUID:
    """Tick a task. Raises NotFound, TaskNotOpen. Gives the id of the task."""
    event_id = await work.session.scalar(select(Task.event_id).where(Task.id == order.id))
    if event_id is None:
        raise NotFound("task", order.id)
    event = await _locked_after_its_deal(work, event_id)
    task = await locked(work, Task, order.id)
    status = tasks.complete(TaskStatus(task.status))
    if status.value != task.status:
        task.status, task.completed_at, task.completed_by_id = status.value, work.now, work.actor.collaborator
        subject = await subject_of(work, event.deal_id, event.contact_id)
        await record(work, "task_completed", subject, {"task_id": (None, task.id), "title": (None, event.title)})
        await close_what_is_over(work, event.deal_id)
    return task.id
