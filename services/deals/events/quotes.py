"""What is told of quotes and of requests for them."""

from collections.abc import Iterable
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.events.parts import id_of, subject_of
from services.deals.model import Quote, QuoteAnswer, QuoteLink, QuoteRequest
from services.deals.values.money import shown
from services.deals.values.papers import shown_number
from services.deals.values.subject import Subject


def quote_changed(quote: Quote, subject: Subject) -> Outgoing:
    """A quote as it is after a change."""
    return Outgoing("quote", quote.id, quote.version, pb.QuoteChanged(quote=_quote(quote, subject)))


def quote_sent(quote: Quote, subject: Subject, links: Iterable[QuoteLink], pages_url: str, words: str) -> Outgoing:
    """A quote that goes to these recipients."""
    told = pb.QuoteSent(quote=_quote(quote, subject), pages_url=pages_url, words=words)
    for link in links:
        told.recipients.add(contact_id=id_of("contact", link.contact_id), link_id=str(link.id))
    return Outgoing("quote", quote.id, quote.version, told)


def quote_answered(quote: Quote, subject: Subject, answer: QuoteAnswer, attempt: int) -> Outgoing:
    """A quote that was accepted, or refused."""
    told = {"name": answer.name, "actor_id": id_of("collaborator", answer.recorded_by_id)}
    if answer.decision == "ACCEPTED":
        return Outgoing(
            "quote", quote.id, quote.version, pb.QuoteAccepted(quote=_quote(quote, subject), attempt=attempt, **told)
        )
    body = pb.QuoteRefused(quote=_quote(quote, subject), reason=answer.reason, **told)
    return Outgoing("quote", quote.id, quote.version, body)


def acceptance_compensated(quote: Quote, subject: Subject, reason: str) -> Outgoing:
    """What an acceptance set going was taken back."""
    body = pb.QuoteAcceptanceCompensated(quote=_quote(quote, subject), reason=reason)
    return Outgoing("quote", quote.id, quote.version, body)


def quote_request_sent(request: QuoteRequest, contact: UUID) -> Outgoing:
    """A supplier is asked for a quote."""
    body = pb.QuoteRequestSent(
        id=format_id("quote_request", request.id),
        title=request.title,
        description=request.description,
        locale=request.locale,
        answer_by=request.answer_by.isoformat() if request.answer_by else "",
        contact_id=format_id("contact", contact),
        sent_by_id=id_of("collaborator", request.sent_by_id),
        deal_id=format_id("deal", request.deal_id),
    )
    return Outgoing("quote_request", request.id, request.version, body)


def _quote(quote: Quote, subject: Subject) -> pb.Quote:
    return pb.Quote(
        id=format_id("quote", quote.id),
        number=shown_number(quote.number, quote.revision) or "",
        status=quote.status,
        subject=subject_of(subject),
        locale=quote.locale,
        title=quote.title,
        currency=quote.currency,
        net=str(shown(quote.net, quote.currency)),
        gross=str(shown(quote.gross, quote.currency)),
        valid_until=quote.valid_until.isoformat(),
        author_id=id_of("collaborator", quote.author_id),
        sent_by_id=id_of("collaborator", quote.sent_by_id),
    )
