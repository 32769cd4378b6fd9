"""Messages that came from a stream, and what is answered to them."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext

from chassis.bus.limits import DOWN, GATHER_SECONDS, PUBLISH_SECONDS
from chassis.outbox import BrokerUnavailable

_log = structlog.get_logger(__name__)


class Delivered:
    """A message that came from a stream, with what can be answered to it."""

    def __init__(self, message: Msg) -> None:
        self._message = message
        self.subject: str = message.subject
        self.payload: bytes = message.data
        self.headers: Mapping[str, str] = message.headers or {}

    @property
    def deliveries(self) -> int:
        """How many times it was delivered, this time included."""
        return int(self._message.metadata.num_delivered or 1)

    @property
    def pending(self) -> int:
        """How many messages its consumer had yet to be given when this one left."""
        return int(self._message.metadata.num_pending or 0)

    @property
    def sequence(self) -> int:
        """Its place in the stream."""
        return int(self._message.metadata.sequence.stream)

    @property
    def stored_at(self) -> datetime:
        """When the stream took it."""
        moment: datetime = self._message.metadata.timestamp
        return moment

    async def done(self, *, wait: bool = True) -> None:
        """Acknowledge, and wait until the broker has it. A lost answer is no fault: the inbox drops the duplicate."""
        try:
            await (self._message.ack_sync(timeout=PUBLISH_SECONDS) if wait else self._message.ack())
        except DOWN as error:
            _log.warning("acknowledgement unanswered", subject=self.subject, error=str(error) or type(error).__name__)

    async def again(self, seconds: float) -> None:
        """Ask for it again after so many seconds."""
        await self._message.nak(delay=seconds)

    async def never_again(self) -> None:
        """Give it up."""
        await self._message.term()

    async def working(self) -> None:
        """Ask for more time."""
        await self._message.in_progress()


class Subscription:
    """A durable pull consumer to fetch from."""

    def __init__(self, stream: str, subscription: JetStreamContext.PullSubscription) -> None:
        self.stream = stream
        self._subscription = subscription

    async def fetch(self, most: int, seconds: float) -> list[Delivered]:
        """Up to `most` messages: the first within so many seconds, and what follows it within GATHER_SECONDS.

        Raises BrokerUnavailable.
        """
        try:
            return [Delivered(message) for message in await pulled(self._subscription, most, seconds)]
        except TimeoutError:  # NATS's own derives from it
            return []
        except (*DOWN, Error) as error:
            raise BrokerUnavailable(str(error) or type(error).__name__) from error


async def pulled(subscription: JetStreamContext.PullSubscription, most: int, seconds: float) -> list[Msg]:
    """See Subscription.fetch; raises TimeoutError where none comes.

    nats-py's own fetch of many waits out its time unless as many come: the first would wait for all of it.
    """
    found: list[Msg] = await subscription.fetch(1, timeout=seconds)
    if most > len(found):
        with suppress(TimeoutError):
            found += await subscription.fetch(most - len(found), timeout=GATHER_SECONDS)
    return found


def dead_letter_headers(message: Delivered, *, service: str, stream: str, error: str) -> dict[str, str]:
    """The headers of a dead letter: the original's, and why and where it died."""
    original = message.headers.get("ce-id", f"{stream}-{message.sequence}")
    told: dict[str, Any] = {
        **message.headers,
        # Its place is part of it: sent again and given up again within the stream's window, it is another dead letter.
        "Nats-Msg-Id": f"{service}:{original}:{message.sequence}",
        "liant-error": " ".join(error.split())[:500],
        "liant-consumer": service,
        "liant-deliveries": message.deliveries,
        "liant-stream": stream,
        "liant-subject": message.subject,
        "liant-sequence": str(message.sequence),
    }
    return {name: str(value) for name, value in told.items()}
