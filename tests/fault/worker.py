"""A worker that kills itself at a named point: `python -m tests.fault.worker POINT NTH`.

A point is a place between two steps of the notifier's or the relay's work; the worker dies by SIGKILL when it passes
there for the NTH time, as a power failure would have it.
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from chassis import inbox, outbox
from services.notifier import ledger, mailer, sender, tellings
from services.notifier.channels import email
from services.notifier.commands import claiming, marking
from services.notifier.service import SERVICE

Place = tuple[Any, str]
BEFORE: dict[str, Place] = {
    "between inbox and deliveries": (tellings, "tell_all"),
    "within the claim": (claiming.Claims, "_claimed"),
    "before DATA": (mailer, "_data"),
    "between writing the mail and SENDING": (sender.DeliverySender, "_begin"),
    "after DATA, before the mark": (ledger.Ledger, "sent"),
    "within the group commit, before its statement": (marking, "sent"),
    "relay, before publishing": (outbox.OutboxRelay, "_publish_chain"),
    "relay, between publish and mark": (outbox.OutboxRelay, "_mark"),
}
AFTER: dict[str, Place] = {
    "after the deliveries, before their commit": (tellings, "tell_all"),
    "after the commit, before the acknowledgement": (inbox.Inbox, "handle"),
    "after the commit of many, before their acknowledgement": (inbox.Inbox, "handle_together"),
    "after the claim": (claiming.Claims, "take"),
    "after the mail is written": (email.EmailChannel, "prepare"),
    "after SENDING, before DATA": (ledger.Ledger, "begin"),
    "after the mark, before the next mail": (ledger.Ledger, "sent"),
    "after the group commit": (marking, "sent"),
}
POINTS = (*BEFORE, *AFTER)


def _arm(point: str, nth: int) -> None:
    passes = itertools.count(1)

    def die() -> None:
        if next(passes) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    owner, name = BEFORE[point] if point in BEFORE else AFTER[point]
    setattr(owner, name, _wrapped(getattr(owner, name), die, before=point in BEFORE))


def _wrapped(step: Callable[..., Any], die: Callable[[], None], *, before: bool) -> Callable[..., Any]:
    async def wrapped(*arguments: Any, **named: Any) -> Any:
        if before:
            die()
        result = await step(*arguments, **named)
        if not before:
            die()
        return result

    return wrapped


if __name__ == "__main__":
    _arm(sys.argv[1], int(sys.argv[2]))
    SERVICE.main(["worker"])
