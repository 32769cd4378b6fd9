"""The part that a contact plays in a deal."""

from enum import StrEnum


class ParticipantRole(StrEnum):
    """What a participant counts for, beside the words for it."""

    DECISION_MAKER = "DECISION_MAKER"
    ADVISER = "ADVISER"
    INFLUENCER = "INFLUENCER"
    OTHER = "OTHER"
