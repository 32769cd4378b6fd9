"""Why somebody follows a deal."""

from enum import StrEnum


class FollowKind(StrEnum):
    """What a collaborator wants to follow."""

    MY_ACCOUNTS = "MY_ACCOUNTS"
    MY_TEAMS = "MY_TEAMS"
    ABOVE_AMOUNT = "ABOVE_AMOUNT"


class Because(StrEnum):
    """Why they follow a deal."""

    BY_HAND = "BY_HAND"
    TEAM = "TEAM"
    RULE = "RULE"
