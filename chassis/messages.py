"""Messages between services: protobuf bodies, CloudEvents 1.0 attributes in headers (binary mode)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from chassis.identifiers import format_id, parse_id

ORGANIZATION = "liant-organization"
AGGREGATE = "liant-aggregate"
VERSION = "liant-aggregate-version"
SENDER = "liant-sender-organization"
"""Whose outbox a message is in, where that is not the organization that it is for."""

Body = TypeVar("Body", bound=Message)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send: about which aggregate, at which of its versions, saying what.

    `recipient` is the organization that it is for, where that is not the sender's own: handlers work in its scope.
    """

    aggregate: str
    aggregate_id: UUID
    version: int
    body: Message
    recipient: UUID | None = None

    @property
    def type(self) -> str:
        """The protobuf full name, `liant.contacts.v1.ContactCreated`."""
        return str(self.body.DESCRIPTOR.full_name)

    @property
    def subject(self) -> str:
        """`liant.contacts.v1.contact.created`."""
        package, _, name = self.type.rpartition(".")
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        return f"{package}.{self.aggregate}.{snake.removeprefix(self.aggregate + '_')}"


@dataclass(frozen=True, slots=True)
class Received(Generic[Body]):
    """A message that came, its headers parsed."""

    id: UUID
    type: str
    time: datetime
    organization: UUID
    aggregate: str
    aggregate_id: UUID
    version: int
    body: Body


class Unreadable(Exception):
    """A message whose headers, type or body cannot be read: it goes to the dead letters."""


def headers_of(message: Outgoing, *, id: UUID, source: str, time: datetime, organization: UUID) -> dict[str, str]:
    """The headers that travel with a message."""
    return {
        "Nats-Msg-Id": str(id),
        "ce-specversion": "1.0",
        "ce-id": str(id),
        "ce-type": message.type,
        "ce-source": f"/liant/{source}",
        "ce-time": time.isoformat(),
        ORGANIZATION: format_id("organization", organization),
        AGGREGATE: format_id(message.aggregate, message.aggregate_id),
        VERSION: str(message.version),
    }


def read(headers: Mapping[str, str], payload: bytes, types: Mapping[str, type[Body]]) -> Received[Body]:
    """Parse what came. Raises Unreadable for missing headers, an unknown type, or a body of another shape."""
    try:
        aggregate, _, _ = headers[AGGREGATE].rpartition("_")
        body = types[headers["ce-type"]]()
        body.ParseFromString(payload)
        return Received(
            id=UUID(headers["ce-id"]),
            type=headers["ce-type"],
            time=datetime.fromisoformat(headers["ce-time"]),
            organization=parse_id("organization", headers[ORGANIZATION]),
            aggregate=aggregate,
            aggregate_id=parse_id(aggregate, headers[AGGREGATE]),
            version=int(headers[VERSION]),
            body=body,
        )
    except KeyError as error:
        raise Unreadable(f"unknown type or missing header {error}") from error
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
