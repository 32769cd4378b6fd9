"""The life of an alert."""

from enum import StrEnum
from uuid import UUID

from services.deals.errors import AlertEnded


class AlertStatus(StrEnum):
    """Where an alert is in its life."""

    RAISED = "RAISED"
    TAKEN_IN_CHARGE = "TAKEN_IN_CHARGE"
    SNOOZED = "SNOOZED"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    DISMISSED = "DISMISSED"


OPEN = frozenset({AlertStatus.RAISED, AlertStatus.TAKEN_IN_CHARGE, AlertStatus.SNOOZED})
ENDED = frozenset(AlertStatus) - OPEN


def follow(current: AlertStatus, wanted: AlertStatus) -> AlertStatus:
    """The wanted status: an open alert may become anything, an ended one nothing. Raises AlertEnded."""
    if current in ENDED:
        raise AlertEnded(current)
    return wanted


def held_by_another(current: AlertStatus, taker: UUID | None, who: UUID | None) -> bool:
    """Whether an open alert, snoozed or not, is in the charge of somebody else."""
    return current in OPEN and taker is not None and taker != who


def woken(current: AlertStatus, *, taken: bool) -> AlertStatus:
    """What an alert becomes when its snooze is over: again its taker's, if it had one."""
    if current is not AlertStatus.SNOOZED:
        return current
    return AlertStatus.TAKEN_IN_CHARGE if taken else AlertStatus.RAISED
