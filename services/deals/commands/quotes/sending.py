"""A draft goes out: it gets its number, its paper, and the links of those who may answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from chassis.links import LinkKey, hash_of
from services.deals import events
from services.deals.commands.locking import locked_with_its_deal
from services.deals.commands.quotes.drafts import become, check_sendable, tell
from services.deals.commands.quotes.lines import lines_of, priced
from services.deals.commands.quotes.papers import each_once, letterhead, next_number
from services.deals.errors import NobodyToSendTo, QuoteLinksOff
from services.deals.model import Organization, Quote, QuoteLine, QuoteLink, QuotePaper
from services.deals.papers.quotes import Paper
from services.deals.queries import days
from services.deals.states import quote as states
from services.deals.states.quote import FOLLOWING, QuoteStatus
from services.deals.values.papers import QUOTE_PREFIX
from services.deals.values.references import Reference, references
from services.deals.values.subject import Subject
from services.deals.values.totals import Discount

PAPER_MINUTES = 10
GRACE = timedelta(days=60)
"""How long after its validity a link still tells what became of the quote."""


@dataclass(frozen=True, slots=True)
class Office:
    """What sending stands on: how a PDF is made, and where recipients answer; without a key there are no links."""

    pdf_of: Callable[[Paper], Awaitable[bytes]]
    pages_url: str
    key: LinkKey | None

    def paper_url(self, organization: UUID, quote: UUID, now: datetime) -> str | None:
        """Where a paper can be fetched for PAPER_MINUTES by whoever has the address."""
        if self.key is None:
            return None
        until = int((now + timedelta(minutes=PAPER_MINUTES)).timestamp())
        return f"{self.pages_url}papers/{self.key.ticket(organization, quote, until)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A quote to send: by e-mail to the deal's people, or to `recipients` among contacts; or only made."""

    id: UUID
    expected_version: int | None
    by_email: bool = True
    recipients: tuple[UUID, ...] | None = None
    words: str = ""

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return references("contact", "recipientIds", *(self.recipients or ()))


async def send_quote(work: UnitOfWork, order: Sending, office: Office) -> UUID:
    """Number a draft, make its paper, and have it mailed; what it supersedes is answered no more.

    Raises NotFound, VersionConflict, QuoteNotReachable, LetterheadMissing, NobodyToSendTo, QuoteLinksOff, InvalidInput.
    """
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    states.follow(QuoteStatus(quote.status), QuoteStatus.SENT)
    if order.by_email and office.key is None:
        raise QuoteLinksOff
    await _supersede(work, quote)
    if quote.number is None:
        quote.number = await next_number(work, QUOTE_PREFIX, (await days.today(work)).year)
    quote.sent_at, quote.sent_by_id = work.now, work.actor.collaborator
    await become(work, quote, QuoteStatus.SENT)
    await _paper(work, quote, office)
    subject = await tell(work, quote, "quote_sent", gross=quote.gross, currency=quote.currency)
    if order.by_email:
        await _mail(work, quote, subject, order, office)
    return quote.id


async def _supersede(work: UnitOfWork, quote: Quote) -> None:
    """Earlier versions of the offer that could still be accepted, or had an end of their own."""
    statement = select(Quote).where(Quote.family_id == quote.family_id, Quote.id != quote.id).order_by(Quote.id)
    for old in (await work.session.scalars(statement.with_for_update())).all():
        status = QuoteStatus(old.status)
        if status is QuoteStatus.ACCEPTED or QuoteStatus.SUPERSEDED in FOLLOWING[status]:
            await become(work, old, QuoteStatus.SUPERSEDED)
            await tell(work, old, "quote_superseded")
    await work.session.flush()


async def _paper(work: UnitOfWork, quote: Quote, office: Office) -> None:
    seller, today = await letterhead(work), await days.today(work)
    lines = await lines_of(work, QuoteLine, quote.id)
    check_sendable(quote, len(lines), today)
    sums = await priced(work, lines, Discount(quote.discount_percent, quote.discount_amount), quote.currency)
    if sums.vat and not seller.vat_number:
        raise InvalidInput("lines", "Your letterhead has no VAT number: every line's VAT rate must be zero.")
    rows = await work.session.execute(
        select(QuoteLine.__table__).where(QuoteLine.quote_id == quote.id).order_by(QuoteLine.position)
    )
    content = await office.pdf_of(Paper(quote, rows.all(), sums, seller, today))
    paper = QuotePaper(
        quote_id=quote.id,
        organization_id=work.organization,
        content=content,
        sha256=sha256(content).digest(),
        made_at=work.now,
    )
    work.session.add(paper)


async def _mail(work: UnitOfWork, quote: Quote, subject: Subject, order: Sending, office: Office) -> None:
    assert office.key is not None, "checked before anything was written"  # noqa: S101
    people = order.recipients
    if people is None:
        people = tuple(each_once([subject.contact_id, *subject.participant_ids]))
    if not people:
        raise NobodyToSendTo
    expires = await link_expiry(work, quote)
    links = [_link(work, quote, contact, office.key, expires) for contact in people]
    work.session.add_all(links)
    await work.session.flush()
    await work.emit(events.quote_sent(quote, subject, links, office.pages_url, order.words))


def _link(work: UnitOfWork, quote: Quote, contact: UUID, key: LinkKey, expires: datetime) -> QuoteLink:
    id = new_id()
    return QuoteLink(
        id=id,
        organization_id=work.organization,
        quote_id=quote.id,
        contact_id=contact,
        token_hash=hash_of(key.token(id)),
        expires_at=expires,
    )


async def link_expiry(work: UnitOfWork, quote: Quote) -> datetime:
    """Until when a quote's links open: a while after its last day, to say that it is over."""
    zone = await work.session.scalar(select(Organization.time_zone).where(Organization.id == work.organization))
    last = datetime.combine(quote.valid_until, time.max, ZoneInfo(zone or days.FALLBACK_ZONE))
    return last.astimezone(UTC) + GRACE


def sender_of(office: Office) -> Callable[[UnitOfWork, Sending], Awaitable[UUID]]:
    """The command, standing on an office."""

    async def send(work: UnitOfWork, order: Sending) -> UUID:
        return await send_quote(work, order, office)

    return send
