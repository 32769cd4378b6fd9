"""Messages to reactions."""

from collections.abc import Mapping
from uuid import UUID

from google.protobuf.message import Message

from chassis.database import UnitOfWork
from chassis.dead_letters import replays
from chassis.disclosure import Piece
from chassis.identifiers import parse_id
from chassis.inbox import Handler
from chassis.messages import Received
from chassis.probing import probed
from proto.contacts.v1 import messages_pb2 as pb
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1 import messages_pb2 as notifier
from services.contacts.clients import quote_accepted
from services.contacts.commands import exchanges
from services.contacts.events import card_of
from services.contacts.model import ExchangeState
from services.contacts.model.base import outbox
from services.contacts.privacy.disclosing import part_arrived
from services.contacts.privacy.erasing import service_done


async def card_exchange_moved(work: UnitOfWork, message: Received[pb.CardExchangeMoved]) -> None:
    """The other side of an exchange, of another organization, did something."""
    told = message.body
    done = exchanges.Move(
        exchange_id=parse_id("card_exchange", told.exchange_id),
        version=message.version,
        organization_id=parse_id("organization", told.organization_id),
        collaborator_id=parse_id("collaborator", told.collaborator_id),
        to_collaborator_id=parse_id("collaborator", told.to_collaborator_id),
        link_id=parse_id("card_link", told.link_id) if told.link_id else None,
        state=ExchangeState(pb.CardExchangeMoved.State.Name(told.state)),
        card=card_of(told.card) if told.HasField("card") else None,
        message=told.message or None,
    )
    await exchanges.move(work, done)


async def deals_erased(work: UnitOfWork, message: Received[deals.ErasureDone]) -> None:
    """Deals has forgotten a person."""
    await service_done(work, parse_id("erasure", message.body.erasure_id), "deals")


async def notifier_erased(work: UnitOfWork, message: Received[notifier.ErasureDone]) -> None:
    """The notifier has forgotten a person."""
    await service_done(work, parse_id("erasure", message.body.erasure_id), "notifier")


async def deals_told(work: UnitOfWork, message: Received[deals.PersonExportTold]) -> None:
    """Deals tells what it keeps of a person."""
    await _told(work, message.body, "deals")


async def notifier_told(work: UnitOfWork, message: Received[notifier.PersonExportTold]) -> None:
    """The notifier tells what it keeps of a person."""
    await _told(work, message.body, "notifier")


async def _told(work: UnitOfWork, told: deals.PersonExportTold | notifier.PersonExportTold, service: str) -> None:
    piece = Piece(UUID(told.answer_id), told.position, told.count, told.piece, told.refusal)
    await part_arrived(work, parse_id("person_export", told.person_export_id), service, piece)


REACTIONS: Mapping[type[Message], Handler] = {
    pb.CardExchangeMoved: card_exchange_moved,
    deals.ProbeSent: probed,
    notifier.ProbeSent: probed,
    notifier.DeadLetterReplayed: replays("contacts", outbox),
    deals.QuoteAccepted: quote_accepted,
    deals.ErasureDone: deals_erased,
    notifier.ErasureDone: notifier_erased,
    deals.PersonExportTold: deals_told,
    notifier.PersonExportTold: notifier_told,
}
