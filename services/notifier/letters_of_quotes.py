"""Letters about quotes: to those whom they are sent to, to suppliers, and to colleagues once they are answered."""

from datetime import date
from decimal import Decimal
from typing import Any

from chassis.identifiers import format_id, parse_id
from proto.deals.v1 import messages_pb2 as pb
from services.notifier.audience import Reason
from services.notifier.mail.letter import Answer, Kind, Letter, Links, Offer, Topic
from services.notifier.mail.people import Person, Recipient
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.sources import Sources

Answered = pb.QuoteAccepted | pb.QuoteRefused | pb.QuoteAcceptanceCompensated
_ANSWERED: dict[bytes, tuple[type[Answered], Answer]] = {
    b"A": (pb.QuoteAccepted, Answer.ACCEPTED),
    b"R": (pb.QuoteRefused, Answer.REFUSED),
    b"C": (pb.QuoteAcceptanceCompensated, Answer.COMPENSATED),
}


def answered_content(told: Answered) -> bytes:
    """What is kept of a message about an answer: a mark of its type, and its body."""
    mark = next(mark for mark, (kind, _) in _ANSWERED.items() if isinstance(told, kind))
    return mark + told.SerializeToString()


def answered_message(content: bytes) -> Answered:
    """The message that `answered_content` kept."""
    kind, _ = _ANSWERED[content[:1]]
    return kind.FromString(content[1:])


def recipient_link(due: Found) -> str | None:
    """The id of the link that a quote's mail carries; None for other mails."""
    if due.cause_kind != CauseKind.QUOTE.value:
        return None
    told = pb.QuoteSent.FromString(due.content)
    reader = format_id("contact", due.named_contact_id)
    return next(each.link_id for each in told.recipients if each.contact_id == reader)


def pages_url(due: Found) -> str:
    """What the token of a quote's page follows."""
    return pb.QuoteSent.FromString(due.content).pages_url


async def letter_about_quote(sources: Sources, due: Found, links: Links) -> Letter:
    """The letter of a delivery about a quote that is due."""
    match CauseKind(due.cause_kind):
        case CauseKind.QUOTE:
            return await _sent(sources, due, links)
        case CauseKind.QUOTE_REQUEST:
            return await _requested(sources, due, links)
    kind, answer = _ANSWERED[due.content[:1]]
    return _answered(due, links, kind.FromString(due.content[1:]), answer)


async def _sent(sources: Sources, due: Found, links: Links) -> Letter:
    told = pb.QuoteSent.FromString(due.content)
    writer = await _person(sources, told.quote.sent_by_id)
    about = {"title": told.quote.title, "description": told.words, "writer": writer, "author": writer}
    return _letter(due, Kind.QUOTE, links, told.quote.locale, offer=_offer(told.quote), **about)


async def _requested(sources: Sources, due: Found, links: Links) -> Letter:
    told = pb.QuoteRequestSent.FromString(due.content)
    writer = await _person(sources, told.sent_by_id)
    offer = Offer(until=date.fromisoformat(told.answer_by) if told.answer_by else None)
    about = {"title": told.title, "description": told.description, "writer": writer, "author": writer}
    return _letter(due, Kind.QUOTE_REQUEST, links, told.locale, offer=offer, **about)


def _answered(due: Found, links: Links, told: Answered, answer: Answer) -> Letter:
    quote = told.quote
    name = "" if isinstance(told, pb.QuoteAcceptanceCompensated) else told.name
    reason = "" if isinstance(told, pb.QuoteAccepted) else told.reason
    subject = quote.subject
    topic = Topic(subject.deal_title, subject.stage_name, subject.contact_name, subject.account_name)
    locale = due.reader_locale or due.organization_locale
    offer = _offer(quote, answer=answer, name=name, reason=reason)
    about = {"title": quote.title, "topic": topic, "thread": subject.deal_id}
    return _letter(due, Kind.QUOTE_ANSWERED, links, locale, offer=offer, **about)


def _offer(quote: pb.Quote, **more: Any) -> Offer:
    return Offer(
        number=quote.number,
        gross=Decimal(quote.gross),
        currency=quote.currency,
        until=date.fromisoformat(quote.valid_until),
        **more,
    )


def _letter(due: Found, kind: Kind, links: Links, locale: str, **particulars: Any) -> Letter:
    cause = format_id(CauseKind(due.cause_kind).thing, due.cause_id)
    zone = due.reader_time_zone or due.organization_time_zone
    told = {"thread": cause, "topic": Topic(), **particulars}
    return Letter(
        id=due.id,
        kind=kind,
        cause=cause,
        revision=due.revision,
        organization=due.organization_name,
        recipient=Recipient(due.reader_name, due.reader_email, locale, zone),
        reasons=tuple(Reason(reason) for reason in due.reasons),
        links=links,
        written_at=due.written_at,
        **told,
    )


async def _person(sources: Sources, id: str) -> Person | None:
    if not id:
        return None
    who = parse_id("collaborator", id)
    row = (await sources.collaborators([who])).get(who)
    return Person(row.name, row.email) if row else None
