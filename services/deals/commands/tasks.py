"""What instructions ask, ticked off."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.events import locked_after_its_deal
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import TaskNotOpen
from services.deals.model import Event, Task
from services.deals.states import task as tasks
from services.deals.states.task import TaskStatus
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A task that is done, or after all is not."""

    id: UUID
    references: tuple[Reference, ...] = ()


async def complete_task(work: UnitOfWork, order: Completion) -> UUID:
    """Tick a task. Raises NotFound, TaskNotOpen. Gives the id of the task."""
    event, task = await _locked(work, order.id)
    status = tasks.complete(TaskStatus(task.status))
    if status.value != task.status:
        task.status, task.completed_at, task.completed_by_id = status.value, work.now, work.actor.collaborator
        await _recorded(work, event, task, "task_completed")
    return task.id


async def reopen_task(work: UnitOfWork, order: Completion) -> UUID:
    """Take a tick back. Raises NotFound, TaskNotOpen. Gives the id of the task."""
    event, task = await _locked(work, order.id)
    status = tasks.reopen(TaskStatus(task.status))
    if status.value != task.status:
        task.status, task.completed_at, task.completed_by_id = status.value, None, None
        await _recorded(work, event, task, "task_reopened")
    return task.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An item of a task's checklist, by its place from 0, done or not."""

    id: UUID
    item: int
    done: bool
    references: tuple[Reference, ...] = ()


async def check_item(work: UnitOfWork, order: Check) -> UUID:
    """Tick an item of a checklist, or take its tick back. Raises NotFound, TaskNotOpen, InvalidInput."""
    event, task = await _locked(work, order.id)
    if TaskStatus(task.status) is not TaskStatus.OPEN:
        raise TaskNotOpen(task.status)
    if not 0 <= order.item < len(task.checklist):
        raise InvalidInput("item", f"The checklist has {len(task.checklist)} items, counted from 0.")
    item = task.checklist[order.item]
    if item["done"] is not order.done:
        rest = [*task.checklist]
        rest[order.item] = {**item, "done": order.done}
        task.checklist = rest
        await _recorded(work, event, task, "task_item_checked" if order.done else "task_item_unchecked", item["text"])
    return task.id


async def _locked(work: UnitOfWork, id: UUID) -> tuple[Event, Task]:
    event_id = await work.session.scalar(select(Task.event_id).where(Task.id == id))
    if event_id is None:
        raise NotFound("task", id)
    event = await locked_after_its_deal(work, event_id)
    return event, await locked(work, Task, id)


async def _recorded(work: UnitOfWork, event: Event, task: Task, kind: str, item: str | None = None) -> None:
    subject = await subject_of(work, event.deal_id, event.contact_id)
    changes: dict[str, tuple[object, object]] = {"task_id": (None, task.id), "title": (None, event.title)}
    if item is not None:
        changes["item"] = (None, item)
    await record(work, kind, subject, changes, thing=task.id)
    await close_what_is_over(work, event.deal_id)
