"""Quotes before they are sent: drafted, changed, revised, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked, locked_with_its_deal
from services.deals.commands.quotes.lines import NewLine, lines_of, priced, replace_lines
from services.deals.errors import QuoteNotDraft, QuoteNotRevisable
from services.deals.model import Deal, DealLine, Letterhead, Quote, QuoteLine
from services.deals.queries import days
from services.deals.states import quote as states
from services.deals.states.quote import QuoteStatus
from services.deals.values.papers import shown_number
from services.deals.values.references import Reference
from services.deals.values.subject import Subject
from services.deals.values.totals import NO_DISCOUNT, Discount, Totals

DEFAULT_CURRENCY = "EUR"
DEFAULT_DAYS = 30
_ONE_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuote:
    """An offer to draft on a deal; lines are the deal's own where none are given."""

    deal: UUID
    lines: tuple[NewLine, ...] | None = None
    discount: Discount = NO_DISCOUNT
    currency: str | None = None
    valid_until: date | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Given ones of title, locale, introduction, conditions, buyer_name, buyer_address, buyer_number."""
    references: tuple[Reference, ...] = ()


async def draft_quote(work: UnitOfWork, order: NewQuote) -> UUID:
    """Begin an offer. Raises NotFound, InvalidInput."""
    deal = await locked(work, Deal, order.deal, "dealId")
    lines = order.lines if order.lines is not None else await lines_of(work, DealLine, deal.id)
    currency = order.currency or deal.currency or DEFAULT_CURRENCY
    sums = await priced(work, lines, order.discount, currency)
    id = new_id()
    quote = Quote(
        id=id,
        organization_id=work.organization,
        version=1,
        deal_id=deal.id,
        family_id=id,
        revision=1,
        status=QuoteStatus.DRAFT.value,
        currency=currency,
        discount_percent=order.discount.percent,
        discount_amount=order.discount.amount,
        valid_until=order.valid_until or await _valid_until(work),
        author_id=work.actor.collaborator,
        created_at=work.now,
        updated_at=work.now,
        **{**await _words(work, deal), **order.words},
        **_sums(sums),
    )
    return await _begun(work, quote, lines, sums)


async def _begun(work: UnitOfWork, quote: Quote, lines: Any, sums: Totals) -> UUID:
    work.session.add(quote)
    await work.session.flush()
    await replace_lines(work, QuoteLine, quote.id, lines, sums)
    await tell(work, quote, "quote_drafted")
    return quote.id


async def _words(work: UnitOfWork, deal: Deal) -> dict[str, str]:
    subject = await subject_of(work, deal.id, None)
    organization = (await work.session.execute(days.organization())).first()
    return {
        "title": deal.title,
        "locale": "en" if organization is not None and organization.locale.startswith("en") else "fr",
        "introduction": "",
        "conditions": "",
        "buyer_name": (subject.account_name or subject.contact_name)[:_ONE_LINE],
        "buyer_address": "",
        "buyer_number": "",
    }


async def _valid_until(work: UnitOfWork) -> date:
    told = await work.session.scalar(select(Letterhead.validity_days))
    return await days.today(work) + timedelta(days=told or DEFAULT_DAYS)


def _sums(sums: Totals) -> dict[str, Any]:
    return {"net": sums.net, "vat": sums.vat, "gross": sums.gross}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteChange:
    """What a draft becomes: columns that the caller gave; lines as a whole, if given."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any] = field(default_factory=dict)
    lines: tuple[NewLine, ...] | None = None
    references: tuple[Reference, ...] = ()


async def update_quote(work: UnitOfWork, order: QuoteChange) -> UUID:
    """Change a draft. Raises NotFound, VersionConflict, QuoteNotDraft, InvalidInput."""
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    if quote.status != QuoteStatus.DRAFT:
        raise QuoteNotDraft(quote.status)
    for name, value in order.changes.items():
        setattr(quote, name, value)
    lines = order.lines if order.lines is not None else await lines_of(work, QuoteLine, quote.id)
    sums = await priced(work, lines, Discount(quote.discount_percent, quote.discount_amount), quote.currency)
    quote.net, quote.vat, quote.gross = sums.net, sums.vat, sums.gross
    quote.version, quote.updated_at = quote.version + 1, work.now
    await replace_lines(work, QuoteLine, quote.id, lines, sums)
    return quote.id


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteStep:
    """A quote to revise or to withdraw."""

    id: UUID
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def revise_quote(work: UnitOfWork, order: QuoteStep) -> UUID:
    """Draft the next version of an offer; the present one holds until that is sent. Gives the draft's id.

    Raises NotFound, VersionConflict, QuoteNotRevisable.
    """
    old = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    if QuoteStatus(old.status) not in states.REVISABLE:
        raise QuoteNotRevisable(f"A quote that is {old.status} is not revised.", "id")
    family = select(Quote.id, Quote.status, Quote.revision).where(Quote.family_id == old.family_id)
    versions = (await work.session.execute(family)).all()
    if any(row.status == QuoteStatus.DRAFT for row in versions):
        raise QuoteNotRevisable("There is a draft of its next version already: change that one.", "id")
    lines = await lines_of(work, QuoteLine, old.id)
    sums = await priced(work, lines, Discount(old.discount_percent, old.discount_amount), old.currency)
    kept = {name: getattr(old, name) for name in _KEPT}
    quote = Quote(
        **kept,
        id=new_id(),
        version=1,
        revision=max(row.revision for row in versions) + 1,
        status=QuoteStatus.DRAFT.value,
        valid_until=max(old.valid_until, await _valid_until(work)),
        author_id=work.actor.collaborator,
        created_at=work.now,
        updated_at=work.now,
    )
    return await _begun(work, quote, lines, sums)


_KEPT = (
    *("organization_id", "deal_id", "family_id", "number", "locale", "title", "introduction", "conditions"),
    *("buyer_name", "buyer_address", "buyer_number", "currency", "discount_percent", "discount_amount"),
    *("net", "vat", "gross"),
)


async def withdraw_quote(work: UnitOfWork, order: QuoteStep) -> UUID:
    """Take a draft or a sent quote back: nobody answers it now. Raises NotFound, VersionConflict, QuoteNotReachable."""
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    await become(work, quote, QuoteStatus.WITHDRAWN)
    await tell(work, quote, "quote_withdrawn")
    await close_what_is_over(work, quote.deal_id)
    return quote.id


async def become(work: UnitOfWork, quote: Quote, status: QuoteStatus) -> None:
    """A quote's next status and version. Raises QuoteNotReachable."""
    quote.status = states.follow(QuoteStatus(quote.status), status).value
    quote.version, quote.updated_at = quote.version + 1, work.now
    if status is not QuoteStatus.SENT:
        quote.ended_at = work.now


async def tell(work: UnitOfWork, quote: Quote, kind: str, **changes: Any) -> Subject:
    """Write the fact down, and tell the other services of the quote as it is now. Gives its subject."""
    subject = await subject_of(work, quote.deal_id, None)
    await fact(work, quote, kind, subject, **changes)
    await work.emit(events.quote_changed(quote, subject))
    return subject


async def fact(work: UnitOfWork, quote: Quote, kind: str, subject: Subject, **changes: Any) -> None:
    """Only the fact: which quote, and what there is to say of it."""
    told = {"quote_id": quote.id, "number": shown_number(quote.number, quote.revision), **changes}
    await record(work, kind, subject, {name: (None, value) for name, value in told.items() if value is not None})


def check_sendable(quote: Quote, lines: int, today: date) -> None:
    """Raise InvalidInput for a quote of nothing, or one that is over before it begins."""
    if not lines:
        raise InvalidInput("lines", "A quote needs a line before it is sent.")
    if quote.valid_until < today:
        raise InvalidInput("validUntil", f"The quote is valid until {quote.valid_until}: give a later date.")
