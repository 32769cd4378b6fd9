"""Ways to tell: the seam between the sender, which works delivery rows, and what brings them to their readers.

The next channel is one file beside these: it says which rows are its own, what goes out, and how it is handed over.
The sender keeps leases, retries and the record of every attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier.model import Queue, Verdict
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
class Going:
    """What goes out, as it is written down before it does."""

    message_id: str
    email: str | None = None
    subject: str | None = None
    token_hash: bytes | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Ready:
    """A delivery that can go: what is written down of it, and what goes out, as its channel understands it.

    `attempt` is the id that its attempt will have, `at` when it was looked whether the delivery may go.
    """

    due: Found
    going: Going
    content: Any
    at: datetime
    attempt: UUID = field(default_factory=new_id)


class Channel(Protocol):
    """One way to tell, what waits in one `queue`.

    `room`: how many deliveries a worker hands over at once, the most that its death can double; `ahead`: how many more
    it may hold meanwhile. `success_is_all`: whether nothing but the delivery's own state follows from a success.
    """

    queue: Queue
    room: int
    ahead: int
    success_is_all: bool

    async def claim(self, system: AsyncEngine, worker: str, lease: timedelta, most: int) -> list[tuple[UUID, UUID]]:
        """Lease due deliveries, most urgent first: pairs of organization and delivery."""

    async def prepare(self, work: UnitOfWork, deliveries: Sequence[UUID], worker: str) -> list[Ready]:
        """Make what goes out, of one organization; without those that are not to go, which is on record then."""

    async def send(self, ready: Ready) -> Outcome:
        """Hand it over. Never raises for what the other side does; is never cancelled."""

    async def answered(self, work: UnitOfWork, ready: Ready, outcome: Outcome) -> None:
        """What else follows from an answer, beside the delivery's own state."""

    def wait(self, verdict: Verdict, tries: int) -> timedelta | None:
        """How long to wait after so many tries; None to give up."""
