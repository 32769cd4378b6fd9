"""Messages in, once: one transaction holds the message's id and everything done about it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain as flat
from typing import Any
from uuid import UUID

import structlog
from google.protobuf.message import Message
from opentelemetry import propagate, trace
from sqlalchemy import Column, DateTime, Index, MetaData, Table, Text, Uuid, func

from chassis import metrics
from chassis.arrays import columns_of, insert_of
from chassis.auth import Actor
from chassis.bus import Bus, Delivered, Subscription, dead_letter_headers
from chassis.database import Base, Database, UnitOfWork
from chassis.messages import ORGANIZATION, Received, Unreadable, read
from chassis.outages import is_outage
from chassis.outbox import BrokerUnavailable, PublishRefused
from chassis.together import Chain, aggregate_of, chains, handle_rounds, heads, kept_alive
from chassis.turns import Turns

BATCH = 100
FETCH_SECONDS = 1.0
MAX_FAILURES = 8
MAX_DELIVERIES = 200
OUTAGE_SECONDS = 3.0
REPLAY_BATCH_LOG = 1000
_NOTED = ("message_id", "organization_id", "type")

Handler = Callable[[UnitOfWork, Received[Any]], Awaitable[None]]
Handlers = Mapping[type[Message], Handler]
_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)


class TryLater(Exception):
    """A handler misses something that another message will bring: ask again, without counting a failure."""

    def __init__(self, why: str, seconds: float = 1.0) -> None:
        super().__init__(why)
        self.seconds = seconds


def inbox_table(metadata: MetaData) -> Table:
    """Ids of the messages handled by one service."""
    table = Table(
        "inbox",
        metadata,
        Column("message_id", Uuid, primary_key=True),
        Column("organization_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    Index("inbox_handled_at", table.c.handled_at)
    return table


class Inbox:
    """Consumes streams for one service. Run as many as you like: the broker shares the messages out."""

    def __init__(self, service: str, bus: Bus, database: Database, base: type[Base], handlers: Handlers) -> None:
        self._service = service
        self._bus = bus
        self._database = database
        self._inbox = base.metadata.tables["inbox"]
        self._noting = insert_of(self._inbox, _NOTED).on_conflict_do_nothing().returning(self._inbox.c.message_id)
        self._handlers = {kind.DESCRIPTOR.full_name: handler for kind, handler in handlers.items()}
        self._types = {kind.DESCRIPTOR.full_name: kind for kind in handlers}
        self._failures: Counter[str] = Counter()
        self._turns = Turns()

    async def run(self, stream: str, stop: asyncio.Event) -> None:
        """Consume one stream until told to stop; what was begun is finished."""
        subscription: Subscription | None = None
        while not stop.is_set():
            try:
                subscription = subscription or await self._bus.subscribe(stream, self._service)
                await self.turn(subscription)
            except BrokerUnavailable as error:
                _log.warning("broker unavailable, waiting", service=self._service, stream=stream, error=str(error))
                await _sleep(stop, OUTAGE_SECONDS)
            except Exception:
                _log.exception("consumer failed, will go on", service=self._service, stream=stream)
                await _sleep(stop, OUTAGE_SECONDS)

    async def turn(self, subscription: Subscription) -> int:
        """Take one batch: together what can be, then aggregates side by side, each one's messages in order.

        How many messages came.
        """
        batch = await subscription.fetch(BATCH, FETCH_SECONDS)
        metrics.INBOX_LAG.labels(self._service, subscription.stream).set(batch[-1].pending if batch else 0)
        found = chains(batch)
        done = await self._take_together(found)
        await asyncio.gather(*(self._take_chain(chain, subscription.stream, done) for chain in found))
        return len(batch)

    async def _take_together(self, found: Sequence[Chain]) -> set[int]:
        """Handle what can be handled together, by organization; the places of what was."""
        ready = [chain for chain in found if not self._seconds_to_wait(chain[0])]
        taken = await asyncio.gather(*(self._attempt_together(each) for each in heads(ready, self._handlers)))
        return {message.sequence for each in taken for message in each}

    async def _attempt_together(self, found: Sequence[Chain]) -> Sequence[Delivered]:
        messages = list(flat.from_iterable(found))
        contexts = (trace.get_current_span(propagate.extract(dict(each.headers))) for each in messages)
        links = [trace.Link(each.get_span_context()) for each in contexts]
        try:
            with _tracer.start_as_current_span(f"handle {len(messages)} together", links=links):
                async with kept_alive(messages):
                    await self.handle_together([[self._read(each) for each in chain] for chain in found])
        except Exception as error:
            # Which of them it was shows when each is handled alone: nothing of what was done together is left.
            _log.info("messages are handled one by one", messages=len(messages), error=repr(error)[:300])
            return []
        for message in messages:
            await message.done(wait=message is messages[-1])
        return messages

    async def handle_together(self, found: Sequence[Sequence[Received[Any]]]) -> None:
        """React to messages of one organization in one transaction; `found` by aggregate, in order."""
        messages = list(flat.from_iterable(found))
        with metrics.INBOX_SECONDS.labels(self._service).time():
            async with self._database.unit_of_work(Actor.system(messages[0].organization)) as work:
                fresh = await self._first_times(work, messages)
                metrics.INBOX_DUPLICATES.labels(self._service).inc(len(messages) - len(fresh))
                handled = await handle_rounds(work, found, self._handlers, fresh)
        for kind, count in Counter(message.type for message in handled).items():
            metrics.INBOX_HANDLED.labels(self._service, kind).inc(count)

    async def _take_chain(self, chain: Chain, stream: str, done: set[int]) -> None:
        for message in chain:
            if message.sequence not in done:
                await self.take(message, stream)

    def _seconds_to_wait(self, message: Delivered) -> float:
        return self._turns.seconds_to_wait(aggregate_of(message), message.sequence)

    def _read(self, message: Delivered) -> Received[Any]:
        return read(message.headers, message.payload, self._types)

    async def take(self, message: Delivered, stream: str) -> None:
        """Handle one message and answer the broker."""
        if seconds := self._seconds_to_wait(message):
            return await message.again(seconds)
        parent = propagate.extract(dict(message.headers))
        told = {"message_id": message.headers.get("ce-id"), "organization": message.headers.get(ORGANIZATION)}
        name = f"handle {message.headers.get('ce-type')}"
        with structlog.contextvars.bound_contextvars(**told), _tracer.start_as_current_span(name, context=parent):
            async with kept_alive([message]):
                await self._attempt(message, stream)
        return None

    async def _attempt(self, message: Delivered, stream: str) -> None:
        try:
            await self.handle(self._read(message))
        except Unreadable as error:
            await self._bury(message, stream, f"unreadable: {error}")
        except TryLater as later:
            _log.info("message put off", why=str(later))
            await self._later(message, stream, str(later), later.seconds)
        except Exception as error:
            if is_outage(error):
                await self._outage(message, error)
            else:
                await self._failed(message, stream, error)
        else:
            self._settled(message)
            await message.done()

    def _settled(self, message: Delivered) -> None:
        self._failures.pop(message.headers.get("ce-id", ""), None)
        self._turns.settled(aggregate_of(message), message.sequence)

    async def _put_off(self, message: Delivered, seconds: float) -> None:
        if aggregate := aggregate_of(message):
            self._turns.put_off(aggregate, message.sequence, seconds)
        await message.again(seconds)

    async def handle(self, message: Received[Any]) -> bool:
        """React in one transaction; False for a message that had come before."""
        with metrics.INBOX_SECONDS.labels(self._service).time():
            return await self._handle(message)

    async def _handle(self, message: Received[Any]) -> bool:
        async with self._database.unit_of_work(Actor.system(message.organization)) as work:
            work.cause = f"message {message.type}"
            if not await self._first_times(work, [message]):
                metrics.INBOX_DUPLICATES.labels(self._service).inc()
                return False
            await self._handlers[message.type](work, message)
        metrics.INBOX_HANDLED.labels(self._service, message.type).inc()
        return True

    async def _first_times(self, work: UnitOfWork, messages: Sequence[Received[Any]]) -> set[UUID]:
        """The ids of those that had not come before, noted."""
        rows = [{"message_id": each.id, "organization_id": each.organization, "type": each.type} for each in messages]
        return set(await work.session.scalars(self._noting, columns_of(self._inbox, _NOTED, rows)))

    async def _failed(self, message: Delivered, stream: str, error: Exception) -> None:
        id = message.headers.get("ce-id", "")
        self._failures[id] += 1
        metrics.INBOX_FAILED.labels(self._service, message.headers.get("ce-type", "")).inc()
        _log.exception("message failed", failures=self._failures[id])
        if self._failures[id] >= MAX_FAILURES:
            return await self._bury(message, stream, f"{type(error).__name__}: {error}")
        return await self._later(message, stream, str(error), min(60.0, 0.5 * 2 ** self._failures[id]))

    async def _later(self, message: Delivered, stream: str, why: str, seconds: float) -> None:
        if message.deliveries >= MAX_DELIVERIES:
            return await self._bury(message, stream, f"given up after {message.deliveries} deliveries: {why}")
        return await self._put_off(message, seconds)

    async def _outage(self, message: Delivered, error: Exception) -> None:
        _log.warning("database unavailable, message waits", error=str(error)[:200])
        await self._put_off(message, OUTAGE_SECONDS)
        await asyncio.sleep(OUTAGE_SECONDS)

    async def _bury(self, message: Delivered, stream: str, error: str) -> None:
        _log.error("dead letter", error=error, subject=message.subject)
        headers = dead_letter_headers(message, service=self._service, stream=stream, error=error)
        try:
            await self._bus.publish(f"liant.dead.{self._service}.{message.subject}", message.payload, headers)
        except (BrokerUnavailable, PublishRefused):
            _log.exception("dead letter not stored, message stays")
            return await self._put_off(message, OUTAGE_SECONDS)
        metrics.INBOX_DEAD.labels(self._service).inc()
        self._settled(message)
        return await message.never_again()

    async def rebuild(self, stream: str, subjects: list[str], copies: Handlers) -> int:
        """Replay a stream into the copies; reactions are left out, and so is the inbox. How many messages it took."""
        handlers = {kind.DESCRIPTOR.full_name: handler for kind, handler in copies.items()}
        taken = 0
        async for delivered in self._bus.replay(stream, subjects):
            if delivered.headers.get("ce-type") not in handlers:
                continue
            message = read(delivered.headers, delivered.payload, self._types)
            async with self._database.unit_of_work(Actor.system(message.organization)) as work:
                await handlers[message.type](work, message)
            taken += 1
            if taken % REPLAY_BATCH_LOG == 0:
                _log.info("rebuilding", stream=stream, taken=taken)
        return taken


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
