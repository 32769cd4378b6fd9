"""The connection to the broker."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Self

import structlog
from nats.aio.client import Client
from nats.errors import Error
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from chassis.bus.limits import (
    ACK_WAIT_SECONDS,
    CONNECT_SECONDS,
    DOWN,
    FOLLOW_SECONDS,
    MAX_ACK_PENDING,
    NO_MESSAGE,
    PING_SECONDS,
    PUBLISH_SECONDS,
)
from chassis.bus.messages import Delivered, Subscription, pulled
from chassis.config import BrokerSettings
from chassis.outbox import BrokerUnavailable, PublishRefused
from chassis.topology import Consumer, Stream, Topology

_log = structlog.get_logger(__name__)


class Bus:
    """A connection to the broker that comes back by itself."""

    def __init__(self, client: Client, connecting: asyncio.Task[None]) -> None:
        self._client = client
        self._connecting = connecting
        self._stream = client.jetstream(timeout=PUBLISH_SECONDS)
        self._pulls: list[JetStreamContext.PullSubscription] = []

    @classmethod
    async def connect(cls, settings: BrokerSettings, name: str, *, wait_seconds: float | None = None) -> Self:
        """Connect, trying for ever; after `wait_seconds`, if given, go on without the broker and try beside.

        The inbox prefix is the user's own, as the server's permissions want it.
        """
        client = Client()

        async def disconnected() -> None:
            if not (client.is_draining or client.is_closed):
                _log.warning("broker disconnected")

        first = client.connect(
            settings.nats_url,
            name=name,
            user=settings.nats_user,
            password=settings.nats_password.get_secret_value() if settings.nats_password else None,
            connect_timeout=CONNECT_SECONDS,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,  # type: ignore[arg-type]  # seconds; nats-py only sleeps on it
            ping_interval=PING_SECONDS,
            pending_size=-1,
            inbox_prefix=f"_INBOX_{settings.nats_user}" if settings.nats_user else "_INBOX",
            error_cb=_on_error,
            disconnected_cb=disconnected,
            reconnected_cb=_on_reconnected,
        )
        connecting = asyncio.create_task(first)
        try:
            if (await asyncio.wait({connecting}, timeout=wait_seconds))[0]:
                connecting.result()
        except asyncio.CancelledError:
            connecting.cancel()
            raise
        return cls(client, connecting)

    @property
    def connected(self) -> bool:
        """Whether the broker is there now."""
        return bool(self._client.is_connected)

    def _check_connected(self) -> None:
        # nats-py would keep what is sent before its first connection, and not send it after.
        if not self.connected:
            raise BrokerUnavailable("not connected")

    async def publish(self, subject: str, payload: bytes, headers: Mapping[str, str]) -> None:
        """Return once a stream stored it. Raises PublishRefused or BrokerUnavailable."""
        self._check_connected()
        try:
            await self._stream.publish(subject, payload, headers=dict(headers), timeout=PUBLISH_SECONDS)
        except DOWN as error:
            raise BrokerUnavailable(str(error) or type(error).__name__) from error
        except APIError as error:
            raise PublishRefused(str(error)) from error
        except Error as error:
            if not self.connected:
                raise BrokerUnavailable(str(error)) from error
            raise PublishRefused(str(error)) from error

    async def subscribe(self, stream: str, durable: str) -> Subscription:
        """Bind to a durable consumer that the migrate step made. Raises BrokerUnavailable."""
        self._check_connected()
        try:
            bound = await self._stream.pull_subscribe_bind(durable=durable, stream=stream)
        except (*DOWN, Error) as error:
            raise BrokerUnavailable(f"{stream}/{durable}: {error or type(error).__name__}") from error
        self._pulls.append(bound)
        return Subscription(stream, bound)

    async def apply(self, topology: Topology) -> None:
        """Create or update streams and consumers; needs a user that may."""
        for stream in topology.streams:
            await self._apply_stream(stream)
        for consumer in topology.consumers:
            await self._stream.add_consumer(consumer.stream, config=_consumer_config(consumer))

    async def _apply_stream(self, stream: Stream) -> None:
        config = StreamConfig(
            name=stream.name,
            subjects=stream.subjects,
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=stream.replicas,
            duplicate_window=stream.duplicate_window,
            max_age=stream.max_age,
            allow_direct=True,
        )
        try:
            await self._stream.stream_info(stream.name)
        except NotFoundError:
            await self._stream.add_stream(config)
        else:
            await self._stream.update_stream(config)

    def replay(self, stream: str, subjects: Sequence[str]) -> AsyncGenerator[Delivered, None]:
        """Every message a stream holds under these subjects, oldest first, without touching any durable consumer.

        Raises BrokerUnavailable where the broker is too slow to give them all: a part of them is never taken for all.
        """
        return self.missed(stream, subjects, after=0)

    async def follow(self, stream: str, subjects: Sequence[str], after: int) -> AsyncGenerator[Delivered, None]:
        """Every message after a place in the stream, then those to come. Raises BrokerUnavailable."""
        try:
            subscription = await self._ephemeral(stream, subjects, after)
            try:
                while True:
                    try:
                        batch = await pulled(subscription, MAX_ACK_PENDING, FOLLOW_SECONDS)
                    except NatsTimeout:
                        await subscription.consumer_info()  # a broker that restarted has forgotten it: NotFoundError
                        continue
                    for message in batch:
                        yield Delivered(message)
            finally:
                await subscription.unsubscribe()
        except (*DOWN, Error) as error:
            raise BrokerUnavailable(f"{stream}: {error or type(error).__name__}") from error

    async def missed(self, stream: str, subjects: Sequence[str], after: int) -> AsyncGenerator[Delivered, None]:
        """The messages that are there already after a place in the stream. Raises BrokerUnavailable."""
        try:
            subscription = await self._ephemeral(stream, subjects, after)
            try:
                left = int((await subscription.consumer_info()).num_pending or 0)
                while left > 0:
                    batch = await subscription.fetch(min(left, MAX_ACK_PENDING), timeout=PUBLISH_SECONDS)
                    left -= len(batch)
                    for message in batch:
                        yield Delivered(message)
            finally:
                await subscription.unsubscribe()
        except (*DOWN, Error) as error:
            raise BrokerUnavailable(f"{stream}: {error or type(error).__name__}") from error

    async def last_sequence(self, stream: str) -> int:
        """The place of the newest message. Raises BrokerUnavailable."""
        self._check_connected()
        try:
            return int((await self._stream.stream_info(stream)).state.last_seq)
        except (*DOWN, Error) as error:
            raise BrokerUnavailable(f"{stream}: {error or type(error).__name__}") from error

    async def _ephemeral(self, stream: str, subjects: Sequence[str], after: int) -> JetStreamContext.PullSubscription:
        return await self._stream.pull_subscribe(
            "",
            stream=stream,
            config=ConsumerConfig(
                filter_subjects=list(subjects),
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=after + 1,
                ack_policy=AckPolicy.NONE,
                inactive_threshold=ACK_WAIT_SECONDS,
            ),
        )

    async def forget(self, stream: str, sequence: int) -> bool:
        """Delete one message of a stream; needs a user that may. False where it is not there.

        Raises BrokerUnavailable, for a user that may not, too: the server leaves them without an answer.
        """
        self._check_connected()
        try:
            return bool(await self._stream.delete_msg(stream, sequence))
        except NotFoundError:
            return False
        except DOWN as error:
            raise BrokerUnavailable(f"{stream}: {error or type(error).__name__}") from error
        except APIError as error:
            if error.code == 400 or error.err_code == NO_MESSAGE:  # of a sequence beyond the last, or within
                return False
            raise

    async def listen(self, subject: str) -> AsyncIterator[Delivered]:
        """Messages published from now on under a subject, at most once each: for live views, not for work."""
        subscription = await self._client.subscribe(subject)
        try:
            async for message in subscription.messages:
                yield Delivered(message)
        finally:
            await subscription.unsubscribe()

    async def close(self) -> None:
        """Send what is pending and close."""
        self._connecting.cancel()
        if self._client.is_closed:
            return
        try:
            # nats-py never counts what fetch took as done: draining a pull subscription would wait for ever.
            for pull in self._pulls:
                await pull.unsubscribe()
            await asyncio.wait_for(self._client.drain(), CONNECT_SECONDS)
        except (Error, TimeoutError):
            await self._client.close()


def _consumer_config(consumer: Consumer) -> ConsumerConfig:
    # No max_deliver: an outage must not use up a message. Handlers' failures are counted by the inbox.
    return ConsumerConfig(
        durable_name=consumer.durable,
        filter_subjects=consumer.subjects,
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=ACK_WAIT_SECONDS,
        max_ack_pending=MAX_ACK_PENDING,
        max_deliver=-1,
    )


async def _on_error(error: Exception) -> None:
    _log.error("broker error", error=str(error) or type(error).__name__)


async def _on_reconnected() -> None:
    _log.info("broker reconnected")
