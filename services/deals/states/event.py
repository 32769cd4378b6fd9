"""The kinds of events."""

from enum import StrEnum


class EventKind(StrEnum):
    """What a collaborator writes down."""

    NOTE = "NOTE"
    APPOINTMENT = "APPOINTMENT"
    INSTRUCTION = "INSTRUCTION"
