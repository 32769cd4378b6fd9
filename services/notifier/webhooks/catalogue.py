"""Which messages programs can be told of, and what their JSON is. Version 1: fields are added, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1 import messages_pb2 as notifier

API_VERSION = 1
PING = "ping"
_TIMESTAMP = "google.protobuf.Timestamp"


@dataclass(frozen=True)
class MessageType:
    """A message that programs can be told of: its name, its contract, what it says."""

    name: str
    body: type[Message]
    description: str
    ours: bool = False
    """Told by the notifier itself, not received."""


_TYPES = (
    MessageType("contact.created", contacts.ContactCreated, "A contact came into the address book."),
    MessageType("contact.changed", contacts.ContactChanged, "A contact changed, was deleted, restored or merged."),
    MessageType("contact.status_changed", contacts.ContactStatusChanged, "The firm stands elsewhere with a contact."),
    MessageType("account.created", contacts.AccountCreated, "A company's file was opened."),
    MessageType("account.changed", contacts.AccountChanged, "A company's file changed."),
    MessageType("account.status_changed", contacts.AccountStatusChanged, "The firm stands elsewhere with a company."),
    MessageType("interlocutor.changed", contacts.InterlocutorChanged, "Who speaks for a company changed."),
    MessageType("deal.created", deals.DealCreated, "A deal was opened."),
    MessageType("deal.changed", deals.DealChanged, "A deal changed: its stage, its people, its outcome."),
    MessageType("event.created", deals.EventCreated, "A note, an appointment or an instruction was written."),
    MessageType("event.changed", deals.EventChanged, "An event changed, or was cancelled."),
    MessageType("invitation.answered", deals.InvitationAnswered, "Somebody said whether they come to an appointment."),
    MessageType("comment.written", deals.CommentWritten, "A comment was written."),
    MessageType("alert.raised", deals.AlertRaised, "The upkeep of a deal or contact has a defect."),
    MessageType("alert.changed", deals.AlertChanged, "An alert was taken charge of, snoozed or closed."),
    MessageType("quote.accepted", deals.QuoteAccepted, "A quote was accepted."),
    MessageType("quote.refused", deals.QuoteRefused, "A quote was refused."),
    MessageType("publication.published", notifier.PublicationPublished, "Something was published.", ours=True),
    MessageType("publication.answered", notifier.PublicationAnswered, "A reader answered a publication.", ours=True),
)
CATALOGUE: Mapping[str, MessageType] = {each.name: each for each in _TYPES}
BY_BODY: Mapping[type[Message], MessageType] = {each.body: each for each in _TYPES if not each.ours}


def has_path(body: type[Message], path: str) -> bool:
    """Whether `deal.ownerId` and the like names a value of this message's JSON."""
    found: Any = body.DESCRIPTOR
    for name in path.split("."):
        field = next((each for each in found.fields if each.json_name == name), None) if found else None
        if field is None:
            return False
        found = field.message_type if field.message_type and not _is_plain(field) else None
    return found is None


def schema_of(kind: MessageType) -> dict[str, Any]:
    """JSON Schema (2020-12) of what is posted."""
    properties: dict[str, Any] = {
        "type": {"const": kind.name},
        "id": {"type": "string"},
        "apiVersion": {"const": API_VERSION},
        "timestamp": {"type": "string", "format": "date-time"},
        "organizationId": {"type": "string"},
        "version": {"type": "integer", "description": "Of what it tells: an older one never undoes a newer one."},
        "data": _object(kind.body.DESCRIPTOR),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        "description": kind.description,
        "type": "object",
        "required": [*properties],
        "properties": properties,
    }


def _object(told: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {field.json_name: _field(field) for field in told.fields}}


def _field(field: FieldDescriptor) -> dict[str, Any]:
    entry = field.message_type
    if entry and entry.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": _value(entry.fields_by_name["value"])}
    return {"type": "array", "items": _value(field)} if field.is_repeated else _value(field)


def _value(field: FieldDescriptor) -> dict[str, Any]:
    if field.enum_type:
        return _choice(field.enum_type)
    if field.message_type:
        moment = {"type": "string", "format": "date-time"}
        return moment if field.message_type.full_name == _TIMESTAMP else _object(field.message_type)
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_BOOL:
            return {"type": "boolean"}
        case FieldDescriptor.CPPTYPE_INT64 | FieldDescriptor.CPPTYPE_UINT64:
            return {"type": "string", "pattern": "^-?[0-9]+$"}
        case FieldDescriptor.CPPTYPE_INT32 | FieldDescriptor.CPPTYPE_UINT32:
            return {"type": "integer"}
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return {"type": "number"}
    return {"type": "string"}


def _choice(told: EnumDescriptor) -> dict[str, Any]:
    return {"type": "string", "enum": [each.name for each in told.values]}


def _is_plain(field: FieldDescriptor) -> bool:
    told = field.message_type
    return told is not None and (told.full_name == _TIMESTAMP or bool(told.GetOptions().map_entry))
