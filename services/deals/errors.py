"""What the deals service refuses, each error with its data."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, Forbidden, WrongState


class CollaboratorDisabled(Forbidden):
    """The caller's access was withdrawn after their token was made."""

    code = "COLLABORATOR_DISABLED"

    def __init__(self) -> None:
        super().__init__("do anything here any more")


class PhaseNotReachable(WrongState):
    """A phase that cannot follow the deal's present one."""

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        choice = f"it can become {' or '.join(possible)}" if possible else "it cannot change any more"
        super().__init__(f"A deal in phase {current} cannot become {wanted}: {choice}.", "phase")
        self.current, self.wanted = current, wanted


class DealNotOpen(WrongState):
    """A deal that is signed, done or lost no longer moves in its pipeline."""

    def __init__(self, phase: str) -> None:
        super().__init__(f"The deal is {phase}: only a LEAD or an OPPORTUNITY moves between stages.", "id")
        self.phase = phase


class EventCancelled(WrongState):
    """A cancelled event is not changed any more."""

    def __init__(self) -> None:
        super().__init__("The event was cancelled: write a new one.", "id")


class TaskNotOpen(WrongState):
    """A task that was cancelled with its instruction."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The task is {status}: give a new instruction.", "id")
        self.status = status


class AlertEnded(WrongState):
    """An alert that was resolved, dismissed, or closed by itself."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The alert is {status}: there is nothing left to do about it.", "id")
        self.status = status


class AlreadyTakenInCharge(DomainError):
    """Another collaborator was first; the error says who."""

    code = "ALREADY_TAKEN_IN_CHARGE"

    def __init__(self, collaborator: UUID, name: str | None, at: datetime) -> None:
        super().__init__(f"{name or 'Another collaborator'} has already taken charge of this alert.", "id")
        self.collaborator, self.name, self.at = collaborator, name, at
