"""What is posted: JSON, made once, so that every attempt and every replay sends the same bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from chassis.identifiers import format_id
from services.notifier.webhooks.catalogue import API_VERSION
from services.notifier.webhooks.signing import message_id


@dataclass(frozen=True)
class Occasion:
    """What programs are told of: its message's id, when, and which version of the thing it tells."""

    type: str
    id: UUID
    at: datetime
    organization: UUID
    version: int = 1


def data_of(body: Message) -> dict[str, Any]:
    """A message's body as programs read it: fields without a value are there, too, moments apart."""
    return MessageToDict(body, always_print_fields_with_no_presence=True)


def payload(occasion: Occasion, data: Mapping[str, Any]) -> bytes:
    """See docs/guides/webhooks.md."""
    told = {
        "type": occasion.type,
        "id": message_id(occasion.id),
        "apiVersion": API_VERSION,
        "timestamp": occasion.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "organizationId": format_id("organization", occasion.organization),
        "version": occasion.version,
        "data": data,
    }
    return orjson.dumps(told)


def type_of(content: bytes) -> str:
    """The type of a payload."""
    return str(orjson.loads(content)["type"])


def passes(filters: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> bool:
    """Whether each filter's path has one of its values; of a list, one of its items."""
    return all(_values(data, each["path"]) & set(each["values"]) for each in filters)


def _values(data: Any, path: str) -> set[str]:
    found = [data]
    for name in path.split("."):
        found = [each.get(name) for each in found if isinstance(each, Mapping)]
        found = [item for each in found for item in (each if isinstance(each, list) else [each])]
    return {_text(each) for each in found if each is not None}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
