"""Whether a mail that concerns somebody may go to them. Pure: asked when it is queued, and again when it is sent."""

from dataclasses import dataclass

from services.notifier.model import Status


@dataclass(frozen=True)
class Stopped:
    """A mail that does not go, and why: a fixed code, and words after it where there is more to say."""

    status: Status
    detail: str


@dataclass(frozen=True)
class Circumstances:
    """What may stand between a mail and its reader. `suppressed`: what the address had answered.

    `by_default`: that the reader is told nothing of it is the organization's choice. `done`: in their inbox.
    """

    email: str
    disabled: bool
    unsubscribed: bool
    suppressed: str | None
    waits: bool = True
    kind: str = "alert"
    outside: bool = False
    by_default: bool = False
    done: bool = False


def stopped(by: Circumstances) -> Stopped | None:
    """Why the mail does not go; None where it goes."""
    if by.disabled and by.outside:
        return Stopped(Status.SKIPPED, "CONTACT_DELETED")
    if by.disabled:
        return Stopped(Status.SKIPPED, "COLLABORATOR_DISABLED")
    if not by.email:
        return Stopped(Status.SKIPPED, "NO_ADDRESS")
    if by.unsubscribed:
        return Stopped(Status.SKIPPED, "NOT_WANTED_BY_DEFAULT" if by.by_default else "UNSUBSCRIBED")
    if not by.waits:
        return Stopped(Status.SKIPPED, f"{by.kind.upper()}_NO_LONGER_WAITS")
    if by.done:
        return Stopped(Status.SKIPPED, "DONE_IN_INBOX")
    if by.suppressed is not None:
        return Stopped(Status.SUPPRESSED, f"ADDRESS_SUPPRESSED: {by.suppressed}")
    return None
