"""Messages that a service gave up on: what they say, and how their sender sends them again."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import structlog
from google.protobuf import json_format, symbol_database
from google.protobuf.message import DecodeError, Message
from sqlalchemy import Table, func, update

from chassis.bus import DEAD_LETTER_HEADERS, Delivered
from chassis.database import UnitOfWork
from chassis.inbox import Handler
from chassis.messages import Received
from chassis.outbox import RETENTION_DAYS
from proto.notifier.v1.messages_pb2 import DeadLetterReplayed

DEAD_SUBJECTS = "liant.dead.>"
SENDERS = ("contacts", "deals", "notifier")
KEPT = timedelta(days=RETENTION_DAYS)
"""How long a sender can send a message again out of its outbox."""

_log = structlog.get_logger(__name__)


class Undecodable(Exception):
    """A body that is none of the contracts' messages."""


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
    def sender(self) -> str:
        """The service that wrote it; empty where its subject is none of Liant's."""
        words = self.subject.split(".")
        return words[1] if len(words) > 1 and words[1] in SENDERS else ""

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

    @property
    def original(self) -> dict[str, str]:
        """The headers it had before it died."""
        return original_headers(self.headers)

    def body(self) -> str:
        """The payload as JSON, or why it cannot be shown so."""
        return said(self.type, self.payload)

    def told(self) -> dict[str, Any]:
        """For programs."""
        return {
            "number": self.sequence,
            "since": self.stored_at.isoformat(),
            "consumer": self.consumer,
            "sender": self.sender,
            "type": self.type,
            "subject": self.subject,
            "error": self.error,
        }


def original_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those that a message had before it was a dead letter."""
    return {name: value for name, value in headers.items() if name not in DEAD_LETTER_HEADERS}


def said(type: str, payload: bytes) -> str:
    """A message as JSON, or why it cannot be shown so."""
    try:
        return json_format.MessageToJson(message_of(type, payload), ensure_ascii=False)
    except Undecodable as error:
        return str(error)


def message_of(type: str, payload: bytes) -> Message:
    """A message of the contracts. Raises Undecodable."""
    for service in SENDERS:
        importlib.import_module(f"proto.{service}.v1.messages_pb2")
    try:
        message: Message = symbol_database.Default().GetSymbol(type).FromString(payload)
    except (KeyError, DecodeError) as error:
        told = f"{len(payload)} bytes that are no {type or 'known message'} ({error.__class__.__name__})"
        raise Undecodable(told) from error
    return message


def replays(service: str, outbox: Table) -> Handler:
    """The reaction of a service to `DeadLetterReplayed`: what it wrote itself goes out once more."""

    async def send_again(work: UnitOfWork, message: Received[DeadLetterReplayed]) -> None:
        if message.body.sender == service:
            await publish_again(work, outbox, UUID(message.body.message_id))

    return send_again


async def publish_again(work: UnitOfWork, outbox: Table, id: UUID) -> None:
    """Let the relay publish a message of the outbox once more, before its aggregate's later ones.

    Its `ce-id` stays: services that had handled it drop it, the one that gave up tries again.
    """
    # A new Nats-Msg-Id: the stream may still remember the original's, and would drop it.
    renamed = outbox.c.headers.concat(func.jsonb_build_object("Nats-Msg-Id", f"replay:{uuid4()}"))
    changes = {"headers": renamed, "published_at": None}
    again = outbox.c.id == id, outbox.c.published_at.is_not(None)
    found = await work.session.execute(update(outbox).where(*again).values(changes).returning(outbox.c.id))
    if found.first() is None:
        _log.warning("a dead letter's message is not in the outbox any more, or waits there", message_id=str(id))
