"""The life of a task."""

from enum import StrEnum

from services.deals.errors import TaskNotOpen


class TaskStatus(StrEnum):
    """Where a task is in its life."""

    OPEN = "OPEN"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class Priority(StrEnum):
    """How much a task presses."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"


def reopen(current: TaskStatus) -> TaskStatus:
    """Take a tick back; an open task stays so. Raises TaskNotOpen for a cancelled one."""
    if current is TaskStatus.CANCELLED:
        raise TaskNotOpen(current)
    return TaskStatus.OPEN


def complete(current: TaskStatus) -> TaskStatus:
    """Tick a task; ticking it twice changes nothing. Raises TaskNotOpen for a cancelled one."""
    if current is TaskStatus.CANCELLED:
        raise TaskNotOpen(current)
    return TaskStatus.DONE


def cancel(current: TaskStatus) -> TaskStatus:
    """Cancel a task with its instruction; what was done stays done."""
    return current if current is TaskStatus.DONE else TaskStatus.CANCELLED
