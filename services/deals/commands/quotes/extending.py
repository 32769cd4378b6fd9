"""A quote that was sent is given more time."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, WrongState
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.locking import locked_with_its_deal
from services.deals.commands.quotes.drafts import tell
from services.deals.commands.quotes.sending import link_expiry
from services.deals.model import Quote, QuoteLink
from services.deals.queries import days
from services.deals.states.quote import QuoteStatus
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A sent quote, and the last day on which it can be accepted now."""

    id: UUID
    valid_until: date
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def extend_quote(work: UnitOfWork, order: Extension) -> UUID:
    """Let it be accepted for longer, by the links that were sent too. Its paper stays as it was.

    Raises NotFound, VersionConflict, WrongState, InvalidInput for a day that is none later.
    """
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    if quote.status != QuoteStatus.SENT:
        raise WrongState(f"Only a quote that waits for its answer is extended; this one is {quote.status}.", "id")
    if order.valid_until <= max(quote.valid_until, await days.today(work)):
        raise InvalidInput("validUntil", f"Give a day to come, after {quote.valid_until}.")
    quote.valid_until = order.valid_until
    quote.version, quote.updated_at = quote.version + 1, work.now
    links = update(QuoteLink).where(QuoteLink.quote_id == quote.id).values(expires_at=await link_expiry(work, quote))
    await work.session.execute(links)
    await tell(work, quote, "quote_extended", valid_until=quote.valid_until)
    await close_what_is_over(work, quote.deal_id)
    return quote.id
