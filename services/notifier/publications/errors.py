"""Refusals about publications."""

from chassis.errors import WrongState


class NotPublished(WrongState):
    """It is not read, answered or told again unless it is published."""

    code = "NOT_PUBLISHED"

    def __init__(self) -> None:
        super().__init__("It is not published: publish it first.", "id")


class NothingAsked(WrongState):
    """An answer to what asks nothing."""

    code = "NOTHING_ASKED"

    def __init__(self) -> None:
        super().__init__("This publication asks nothing.", "id")


class NoAudience(WrongState):
    """A publication that is addressed to nobody, or told by no way."""

    code = "NO_AUDIENCE"

    def __init__(self) -> None:
        super().__init__(
            "Say whom it is for (toNetwork, teamIds; groupIds for a campaign) and how it is told (feed, email).", "id"
        )
