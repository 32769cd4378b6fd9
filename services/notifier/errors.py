"""Refusals of the notifier beside those that every service shares."""

from chassis.errors import DomainError


class LinkUnknown(DomainError):
    """No such link: guessed, mistyped, or long gone."""

    code = "LINK_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("This link is not known: open it from the e-mail again.", "token")


class LinkExpired(DomainError):
    """The link was right, and opens no more: its time is over, or its collaborator is disabled."""

    code = "LINK_EXPIRED"

    def __init__(self) -> None:
        super().__init__("This link has expired: sign in, or open a more recent e-mail.", "token")


class CriticalIsAlwaysTold(DomainError):
    """A choice about what nobody can be left without."""

    code = "CRITICAL_IS_ALWAYS_TOLD"

    def __init__(self) -> None:
        super().__init__("CRITICAL is always told, at once: choose about the other categories.", "category")
