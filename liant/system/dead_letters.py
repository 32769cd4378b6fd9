"""Messages that a service gave up on: reading them, and sending them again."""

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import uuid4

from google.protobuf import json_format, symbol_database
from google.protobuf.message import DecodeError

from chassis.bus import DEAD_STREAM, Bus, Delivered
from chassis.config import BrokerSettings
from liant.system.access import Access
from liant.system.layout import SERVICES

CONNECT_SECONDS = 5
_ADDED = ("liant-error", "liant-consumer", "liant-stream", "liant-subject", "liant-sequence", "Nats-Msg-Id")


class BrokerAway(Exception):
    """NATS does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(f"NATS does not answer at {url}: is the system up? (`liant doctor` tells)")


class NoDeadLetter(Exception):
    """No dead letter has this number."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"No dead letter has the number {sequence}: `liant dead list` shows those there are.")


@dataclass(frozen=True)
class DeadLetter:
    """One message, with why and where it died."""

    sequence: int
    stored_at: datetime
    headers: dict[str, str]
    payload: bytes

    @classmethod
    def of(cls, message: Delivered) -> Self:
        """From the dead letters' stream."""
        return cls(message.sequence, message.stored_at, dict(message.headers), message.payload)

    @property
    def consumer(self) -> str:
        """The service that gave up."""
        return self.headers.get("liant-consumer", "")

    @property
    def subject(self) -> str:
        """Under which it was published."""
        return self.headers.get("liant-subject", "")

    @property
    def type(self) -> str:
        """Its protobuf name."""
        return self.headers.get("ce-type", "")

    @property
    def error(self) -> str:
        """The last failure."""
        return self.headers.get("liant-error", "")

    def body(self) -> str:
        """The payload as JSON, or why it cannot be shown so."""
        try:
            _load_contracts()
            kind = symbol_database.Default().GetSymbol(self.type)
            return json_format.MessageToJson(kind.FromString(self.payload), ensure_ascii=False)
        except (KeyError, DecodeError) as error:
            return f"{len(self.payload)} bytes that are no {self.type or 'known message'} ({type(error).__name__})"


async def dead_letters(access: Access) -> list[DeadLetter]:
    """All of them, oldest first. Raises BrokerAway."""
    async with _connected(access.migrate) as bus:
        return [DeadLetter.of(message) async for message in bus.replay(DEAD_STREAM, ["liant.dead.>"])]


async def dead_letter(access: Access, sequence: int) -> DeadLetter:
    """One of them. Raises NoDeadLetter, BrokerAway."""
    found = next((each for each in await dead_letters(access) if each.sequence == sequence), None)
    if found is None:
        raise NoDeadLetter(sequence)
    return found


async def replay(access: Access, letter: DeadLetter) -> None:
    """Publish it again as its own service did, then take it off the dead letters. Raises BrokerAway.

    Its `ce-id` stays: services that had handled it drop it, the one that gave up tries once more.
    """
    headers = {name: value for name, value in letter.headers.items() if name not in _ADDED}
    async with _connected(access.settings[letter.subject.split(".")[1]]) as bus:
        # A new Nats-Msg-Id: the stream still remembers the original's, and would drop it.
        await bus.publish(letter.subject, letter.payload, {**headers, "Nats-Msg-Id": f"replay:{uuid4()}"})
    async with _connected(access.migrate) as bus:
        await bus.forget(DEAD_STREAM, letter.sequence)


@asynccontextmanager
async def _connected(settings: BrokerSettings) -> AsyncIterator[Bus]:
    bus = await Bus.connect(settings, "liant-dead-letters", wait_seconds=CONNECT_SECONDS)
    try:
        if not bus.connected:
            raise BrokerAway(settings.nats_url)
        yield bus
    finally:
        await bus.close()


def _load_contracts() -> None:
    for service in SERVICES:
        importlib.import_module(f"proto.{service}.v1.messages_pb2")
