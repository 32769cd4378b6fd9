"""Quotes whose validity is over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from chassis.database import UnitOfWork
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.locking import locked_with_its_deal
from services.deals.commands.quotes.drafts import become, tell
from services.deals.model import Organization, Quote
from services.deals.queries import days
from services.deals.states.quote import QuoteStatus


def over(moment: datetime) -> Select[*tuple[Any, ...]]:
    """`organization, quote` of sent quotes whose last day has ended where their organization is."""
    day = days.local_date(moment, Organization.time_zone)
    return (
        select(Quote.organization_id, Quote.id)
        .join(Organization, Organization.id == Quote.organization_id)
        .where(Quote.status == QuoteStatus.SENT.value, Quote.valid_until < day)
        .order_by(Quote.organization_id, Quote.id)
    )


async def expire(work: UnitOfWork, quotes: list[UUID]) -> int:
    """End those that are still over and unanswered. How many."""
    found = (await work.session.execute(over(work.now).where(Quote.id.in_(quotes)))).all()
    return sum([await _expire(work, row.id) for row in found])


async def _expire(work: UnitOfWork, id: UUID) -> bool:
    quote = await locked_with_its_deal(work, Quote, id)
    if quote.status != QuoteStatus.SENT:
        return False
    await become(work, quote, QuoteStatus.EXPIRED)
    await tell(work, quote, "quote_expired", valid_until=quote.valid_until)
    await close_what_is_over(work, quote.deal_id)
    return True
