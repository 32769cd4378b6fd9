"""What the notifier tells the others: a row to a message."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.disclosure import Piece
from chassis.identifiers import format_id, new_id
from chassis.messages import Outgoing
from proto.notifier.v1.messages_pb2 import (
    Address,
    AddressBounced,
    AddressRecovered,
    DeadLetterReplayed,
    Delivery,
    DeliveryFailed,
    ErasureDone,
    InboxChanged,
    MessageDeliveryChanged,
    PersonExportTold,
)
from services.notifier.dead_letters.model import DeadLetterRow
from services.notifier.model import CauseKind, Status
from services.notifier.queries import Found


def erasure_done(id: UUID) -> Outgoing:
    """A person is forgotten here."""
    return Outgoing("erasure", id, 1, ErasureDone(erasure_id=format_id("erasure", id)))


def person_export_told(id: UUID, contacts: Sequence[UUID], piece: Piece) -> Outgoing:
    """A piece of what is kept here of a person."""
    told = PersonExportTold(
        person_export_id=format_id("person_export", id),
        contact_ids=[format_id("contact", each) for each in contacts],
        answer_id=str(piece.answer),
        position=piece.position,
        count=piece.count,
        piece=piece.text,
        refusal=piece.refusal,
    )
    return Outgoing("person_export", id, piece.position + 1, told)


def message_news(delivery: Found, status: Status, reason: str, at: datetime) -> list[Outgoing]:
    """For deals, which keeps what became of the mails of its messages; nothing about other mails."""
    if delivery.cause_kind != CauseKind.MESSAGE.value:
        return []
    body = MessageDeliveryChanged(delivery=_body(delivery, status, reason, at))
    body.delivery.contact_id = format_id("contact", delivery.named_contact_id)
    return [Outgoing("message_delivery", delivery.id, delivery.attempts + 1, body)]


def is_told(delivery: Found) -> bool:
    """Whether others hear of it: what became of a message to a program would else be a message to programs."""
    return bool(delivery.cause_kind != CauseKind.WEBHOOK.value)


def delivery_failed(delivery: Found, status: Status, reason: str, at: datetime) -> Outgoing:
    """The mail will not come."""
    body = DeliveryFailed(delivery=_body(delivery, status, reason, at))
    return Outgoing("delivery", delivery.id, delivery.attempts + 1, body)


def address_bounced(address: Found, suppressed_until: datetime | None, at: datetime) -> Outgoing:
    """Mail to a person's address came back, once more."""
    told = _address(address, at)
    if suppressed_until is not None:
        told.suppressed_until.FromDatetime(suppressed_until)
    return Outgoing("address", address.person_id, address.version, AddressBounced(address=told))


def address_recovered(address: Found, at: datetime) -> Outgoing:
    """Mail to a person's address goes again."""
    return Outgoing("address", address.person_id, address.version, AddressRecovered(address=_address(address, at)))


def _address(row: Found, at: datetime) -> Address:
    told = Address(email=row.email, hard=row.hard, soft=row.soft, complaints=row.complaints, reason=row.reason)
    if row.outside:
        told.contact_id = format_id("contact", row.person_id)
    else:
        told.collaborator_id = format_id("collaborator", row.person_id)
    told.at.FromDatetime(at)
    return told


def _body(delivery: Found, status: Status, reason: str, at: datetime) -> Delivery:
    told = Delivery(
        id=format_id("delivery", delivery.id),
        cause_id=format_id(CauseKind(delivery.cause_kind).thing, delivery.cause_id),
        collaborator_id=format_id("collaborator", delivery.collaborator_id) if delivery.collaborator_id else "",
        contact_id=format_id("contact", delivery.contact_id) if delivery.contact_id else "",
        status=status.value,
        reason=reason,
    )
    told.at.FromDatetime(at)
    return told


def inbox_changed(collaborators: Sequence[UUID]) -> Outgoing:
    """What these collaborators have in their inbox is not what it was."""
    told = InboxChanged(collaborator_ids=[format_id("collaborator", id) for id in collaborators])
    return Outgoing("inbox", new_id(), 1, told)


def dead_letter_replayed(row: DeadLetterRow, recipient: UUID | None) -> Outgoing:
    """Its sender is to publish a message again; `recipient`: the sender's organization, where it is another one."""
    told = DeadLetterReplayed(
        dead_letter_id=format_id("dead_letter", row.id), message_id=row.message_id, sender=row.sender
    )
    return Outgoing("dead_letter", row.id, row.version, told, recipient)
