"""Each expected e-mail, once: waiting for them, and what came instead."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from liant.http import get

SETTLE_SECONDS = 1.5
LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class Expected:
    """One e-mail that must come: to whom, about which event."""

    recipient: str
    title: str


@dataclass(frozen=True)
class Mail:
    """One e-mail that came."""

    number: int
    recipient: str
    subject: str
    link: str

    def is_for(self, expected: Expected) -> bool:
        """Whether it is the one expected."""
        return self.recipient == expected.recipient and expected.title in self.subject


@dataclass(frozen=True)
class Outcome:
    """What came of what was expected."""

    expected: Sequence[Expected]
    mails: list[Mail] = field(default_factory=list)

    @property
    def missing(self) -> list[Expected]:
        """Expected, but not there."""
        return [each for each in self.expected if not any(mail.is_for(each) for mail in self.mails)]

    @property
    def surplus(self) -> list[Mail]:
        """Repeated, or expected by nobody."""
        left = list(self.mails)
        for each in self.expected:
            first = next((mail for mail in left if mail.is_for(each)), None)
            if first:
                left.remove(first)
        return left

    @property
    def is_right(self) -> bool:
        """Every expected e-mail came, once, and nothing else."""
        return not self.missing and not self.surplus


async def wait_for_mails(
    mailbox: str, expected: Sequence[Expected], seconds: float, seen: Callable[[Outcome], None]
) -> Outcome:
    """Look until nothing is missing or the time is up, then a little longer for a mail too many."""
    deadline = asyncio.get_running_loop().time() + seconds
    outcome = Outcome(expected)
    while outcome.missing and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        outcome = Outcome(expected, await _mails(mailbox))
        seen(outcome)
    await asyncio.sleep(SETTLE_SECONDS)
    return Outcome(expected, await _mails(mailbox))


async def _mails(mailbox: str) -> list[Mail]:
    read = (await get(f"{mailbox}/messages")).json()
    return [
        Mail(mail["number"], recipient, mail["subject"], (mail["links"] or [""])[0])
        for mail in read
        for recipient in mail["recipients"]
    ]
