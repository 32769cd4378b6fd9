"""Ways to tell: the seam between the sender, which works delivery rows, and what brings them to their readers.

The next channel is one file beside these: it says which rows are its own, what goes out, and how it is handed over.
The sender keeps leases, retries and the record of every attempt.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from services.notifier.model import Verdict
from services.notifier.queries import Found


@dataclass(frozen=True)
class Outcome:
    """What came of handing something over, with the other side's code and words where it gave any.

    `about_recipient`: whether they were about the recipient.
    """

    verdict: Verdict
    code: int | None = None
    text: str = ""
    about_recipient: bool = False


@dataclass(frozen=True)
class Ready:
    """A delivery whose row says SENDING: its attempt, and what goes out, as its channel understands it."""

    due: Found
    attempt: UUID
    content: Any


class Channel(Protocol):
    """One way to tell.

    `room`: how many deliveries a worker hands over at once, the most that its death can double; `ahead`: how many more
    it may claim meanwhile.
    """

    room: int
    ahead: int

    async def claim(self, system: AsyncEngine, worker: str, lease: timedelta, most: int) -> list[tuple[UUID, UUID]]:
        """Lease due deliveries, most urgent first: pairs of organization and delivery."""

    async def write_down(self, work: UnitOfWork, delivery: UUID, worker: str) -> Ready | None:
        """Make what goes out and say SENDING; None where it is not to go, which is on record then."""

    async def send(self, ready: Ready) -> Outcome:
        """Hand it over. Never raises for what the other side does; is never cancelled."""

    async def answered(self, work: UnitOfWork, ready: Ready, outcome: Outcome) -> None:
        """What else follows from an answer, beside the delivery's own state."""

    def wait(self, verdict: Verdict, tries: int) -> timedelta | None:
        """How long to wait after so many tries; None to give up."""
