"""Many messages in one transaction: where their handlers can, and none of them has a history of failures.

Whatever goes wrong with one undoes them all, and each is then handled alone: a poison message takes nobody with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import groupby, takewhile, zip_longest
from typing import Any
from uuid import UUID

from chassis.bus import ACK_WAIT_SECONDS, Delivered
from chassis.database import UnitOfWork
from chassis.messages import AGGREGATE, ORGANIZATION, Received

Chain = list[Delivered]
"""Messages of one aggregate, in their order."""


@dataclass(frozen=True, slots=True)
class Together:
    """A handler of many messages of one organization at once, each of another aggregate; or of one, alone."""

    many: Callable[[UnitOfWork, Sequence[Received[Any]]], Awaitable[None]]

    async def __call__(self, work: UnitOfWork, message: Received[Any]) -> None:
        """Handle one."""
        await self.many(work, [message])


def aggregate_of(message: Delivered) -> str:
    """What it is about; empty where it does not say."""
    return message.headers.get(AGGREGATE, "")


def chains(messages: Sequence[Delivered]) -> list[Chain]:
    """By aggregate, each in the stream's order."""
    ordered = sorted(messages, key=lambda message: (aggregate_of(message), message.sequence))
    return [list(chain) for _, chain in groupby(ordered, key=aggregate_of)]


def heads(found: Sequence[Chain], handlers: Mapping[str, object]) -> list[list[Chain]]:
    """The beginnings of chains that can be handled together, by organization; those alone in theirs are left out."""
    begun: dict[str, list[Chain]] = {}
    for chain in found:
        head = list(takewhile(lambda message: _can(message, handlers), chain))
        if head:
            begun.setdefault(head[0].headers.get(ORGANIZATION, ""), []).append(head)
    return [each for each in begun.values() if sum(map(len, each)) > 1]


def _can(message: Delivered, handlers: Mapping[str, object]) -> bool:
    # What comes again failed, or was in the hands of somebody who did: it is looked at alone.
    return message.deliveries == 1 and isinstance(handlers.get(message.headers.get("ce-type", "")), Together)


def rounds(read: Sequence[Sequence[Received[Any]]]) -> Iterator[list[Received[Any]]]:
    """The first message of each chain, then the second of each: an aggregate is in a round once."""
    for turn in zip_longest(*read):
        yield [message for message in turn if message is not None]


async def handle_rounds(
    work: UnitOfWork,
    read: Sequence[Sequence[Received[Any]]],
    handlers: Mapping[str, Any],
    fresh: set[UUID],
) -> list[Received[Any]]:
    """Handle what is fresh, and give it: one call of a handler for each round."""
    handled: list[Received[Any]] = []
    for turn in rounds(read):
        new = [message for message in turn if message.id in fresh]
        fresh.difference_update(message.id for message in new)  # the same message twice among them counts once
        kinds: dict[Together, list[Received[Any]]] = {}
        for message in new:
            kinds.setdefault(handlers[message.type], []).append(message)
        for handler, told in kinds.items():
            work.cause = f"message {told[0].type}"
            await handler.many(work, told)
        handled += new
    return handled


@asynccontextmanager
async def kept_alive(messages: Sequence[Delivered]) -> Any:
    """Ask the broker for more time while they are worked on."""
    heartbeat = asyncio.create_task(_keep_alive(messages))
    try:
        yield
    finally:
        heartbeat.cancel()


async def _keep_alive(messages: Sequence[Delivered]) -> None:
    while True:
        await asyncio.sleep(ACK_WAIT_SECONDS / 3)
        for message in messages:
            with suppress(Exception):
                await message.working()
