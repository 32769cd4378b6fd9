"""An accepted quote makes a client, or deals is told why not."""

from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from chassis.database import UnitOfWork
from chassis.errors import DomainError, NotFound
from chassis.identifiers import parse_id
from chassis.messages import Outgoing, Received
from proto.contacts.v1 import messages_pb2 as pb
from proto.deals.v1 import messages_pb2 as deals
from services.contacts import model
from services.contacts.commands.statuses import become_client
from services.contacts.errors import StatusNotReachable

Party = tuple[str, type[model.Contact] | type[model.Account], UUID]


async def quote_accepted(work: UnitOfWork, message: Received[deals.QuoteAccepted]) -> None:
    """Make the account a client, or the contact where there is no account; answer the saga either way, once each."""
    told = message.body
    kind, table, id = _party(told.quote.subject)
    answer: dict[str, Any] = {
        "quote_id": told.quote.id,
        "attempt": told.attempt,
        "account_id": told.quote.subject.account_id,
        "contact_id": told.quote.subject.contact_id,
    }
    quote = parse_id("quote", told.quote.id)
    try:
        async with work.session.begin_nested():
            await become_client(work, table, id, quote, f"{told.quote.number}: {told.name}")
    except DomainError as refused:
        body: Message = pb.ClientRefused(**answer, reason=_reason(refused))
    else:
        body = pb.ClientMade(**answer)
    await work.emit(Outgoing(kind, id, told.attempt, body))


def _party(subject: deals.Subject) -> Party:
    if subject.account_id:
        return "account", model.Account, parse_id("account", subject.account_id)
    return "contact", model.Contact, parse_id("contact", subject.contact_id)


def _reason(refused: DomainError) -> str:
    if isinstance(refused, NotFound):
        return "NOT_FOUND"
    return "STATUS_NOT_REACHABLE" if isinstance(refused, StatusNotReachable) else "DELETED"
