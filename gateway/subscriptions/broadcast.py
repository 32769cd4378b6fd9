"""One consumer at the broker for all subscriptions to the same subjects; each subscriber has a queue of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog

from chassis.bus import Bus, Delivered
from chassis.outbox import BrokerUnavailable
from gateway.pipeline.refused import Refused

QUEUE = 1_000
RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class TooSlow(Refused):
    """A subscriber did not read as fast as messages came."""

    code = "SUBSCRIBER_TOO_SLOW"

    def __init__(self) -> None:
        super().__init__(f"More than {QUEUE} events wait: subscribe again with the cursor of the last one you got.")


class FeedUnavailable(Refused):
    """The broker is away."""

    code = "FEED_UNAVAILABLE"
    status = 503

    def __init__(self) -> None:
        super().__init__("The events' source is away: subscribe again in a moment.")


class Broadcasts:
    """The streams that somebody follows now."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._channels: dict[tuple[str, ...], _Channel] = {}

    async def follow(self, stream: str, subjects: list[str], after: int | None) -> AsyncGenerator[Delivered, None]:
        """Messages from now on; or first those after a place in the stream. Raises `Refused`."""
        channel = await self._channel(stream, subjects)
        queue = channel.join()
        seen = -1
        try:
            if after is not None:
                async with aclosing(self._bus.missed(stream, subjects, after)) as missed:
                    async for message in missed:
                        seen = message.sequence
                        yield message
            while True:
                if queue.full():
                    raise TooSlow
                message = await queue.get()
                if message.sequence > seen:
                    yield message
        except BrokerUnavailable:
            raise FeedUnavailable from None
        finally:
            channel.leave(queue)
            if channel.is_deserted:
                self._channels.pop((stream, *subjects), None)
                channel.close()

    async def _channel(self, stream: str, subjects: list[str]) -> "_Channel":
        key = (stream, *subjects)
        if key not in self._channels:
            try:
                last = await self._bus.last_sequence(stream)
            except BrokerUnavailable:
                raise FeedUnavailable from None
            if key not in self._channels:  # another subscriber may have been first meanwhile
                self._channels[key] = _Channel(self._bus, stream, subjects, last)
        return self._channels[key]

    async def close(self) -> None:
        """Stop following and leave the broker."""
        for channel in self._channels.values():
            channel.close()
        await self._bus.close()


class _Channel:
    def __init__(self, bus: Bus, stream: str, subjects: list[str], last: int) -> None:
        self._bus, self._stream, self._subjects, self._last = bus, stream, subjects, last
        self._queues: set[asyncio.Queue[Delivered]] = set()
        self._closed = False
        self._task = asyncio.create_task(self._run(), name=f"follow {stream}")

    @property
    def is_deserted(self) -> bool:
        return not self._queues

    def join(self) -> asyncio.Queue[Delivered]:
        queue: asyncio.Queue[Delivered] = asyncio.Queue(QUEUE)
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Delivered]) -> None:
        self._queues.discard(queue)

    def close(self) -> None:
        self._closed = True  # before Python 3.12, `wait_for` inside a fetch can swallow the cancellation
        self._task.cancel()

    async def _run(self) -> None:
        while not self._closed:
            try:
                await self._relay()
            except BrokerUnavailable as error:
                _log.warning("feed interrupted", stream=self._stream, error=str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _relay(self) -> None:
        async with aclosing(self._bus.follow(self._stream, self._subjects, self._last)) as messages:
            async for message in messages:
                self._last = message.sequence
                self._tell(message)
                if self._closed:
                    return

    def _tell(self, message: Delivered) -> None:
        for queue in self._queues:
            if not queue.full():  # a full one ends its subscription by itself, see follow
                queue.put_nowait(message)
