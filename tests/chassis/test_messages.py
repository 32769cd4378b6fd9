"""Headers and bodies of messages."""

from datetime import UTC, datetime

import pytest

from chassis.identifiers import new_id
from chassis.messages import Outgoing, Received, Unreadable, headers_of, read
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from tests.chassis.house import outgoing

TYPES = {contacts.ContactCreated.DESCRIPTOR.full_name: contacts.ContactCreated}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def _headers(message: Outgoing) -> dict[str, str]:
    return headers_of(message, id=new_id(), source="contacts", time=NOW, organization=new_id())


def test_what_is_sent_is_what_is_read() -> None:
    message = outgoing(new_id(), 1, "Zoé")
    headers = _headers(message)
    told: Received[contacts.ContactCreated] = read(headers, message.body.SerializeToString(), TYPES)
    assert (told.aggregate, told.aggregate_id, told.version, told.time) == ("contact", message.aggregate_id, 1, NOW)
    assert str(told.id) == headers["ce-id"] == headers["Nats-Msg-Id"]
    assert told.body == message.body


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        (Outgoing("contact", new_id(), 1, contacts.ContactCreated()), "liant.contacts.v1.contact.created"),
        (Outgoing("account", new_id(), 1, contacts.AccountChanged()), "liant.contacts.v1.account.changed"),
        (Outgoing("event", new_id(), 1, deals.EventCreated()), "liant.deals.v1.event.created"),
    ],
)
def test_the_subject_tells_context_aggregate_and_what_happened(message: Outgoing, subject: str) -> None:
    assert message.subject == subject


@pytest.mark.parametrize(
    "name", ["ce-id", "ce-type", "ce-time", "liant-organization", "liant-aggregate", "liant-aggregate-version"]
)
@pytest.mark.parametrize("value", [None, "", "rubbish"])
def test_a_header_that_is_missing_or_wrong_is_unreadable(name: str, value: str | None) -> None:
    message = outgoing(new_id(), 1, "Zoé")
    headers = {key: told for key, told in _headers(message).items() if key != name}
    if value is not None:
        headers[name] = value
    with pytest.raises(Unreadable):
        read(headers, message.body.SerializeToString(), TYPES)


def test_a_field_added_by_a_newer_version_of_the_same_type_is_no_fault() -> None:
    message = outgoing(new_id(), 1, "Zoé")
    unknown_field = b"\xfa\x01\x03new"
    told = read(_headers(message), message.body.SerializeToString() + unknown_field, TYPES)
    assert told.body.contact.given_name == "Zoé"
