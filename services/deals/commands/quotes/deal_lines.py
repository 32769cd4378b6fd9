"""Products and services on a deal, before any quote."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from services.deals.commands.deals import changed
from services.deals.commands.locking import locked
from services.deals.commands.quotes.drafts import DEFAULT_CURRENCY
from services.deals.commands.quotes.lines import NewLine, priced, replace_lines
from services.deals.model import Deal, DealLine
from services.deals.values.references import Reference
from services.deals.values.totals import NO_DISCOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLines:
    """What a deal is about, whole; whether its amount is what the lines come to, without VAT."""

    deal: UUID
    lines: tuple[NewLine, ...]
    amount_follows: bool
    currency: str | None
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def set_deal_lines(work: UnitOfWork, order: DealLines) -> UUID:
    """Replace a deal's lines. Raises NotFound, VersionConflict, InvalidInput."""
    deal = await locked(work, Deal, order.deal, version=order.expected_version)
    currency = order.currency or deal.currency or DEFAULT_CURRENCY
    sums = await priced(work, order.lines, NO_DISCOUNT, currency)
    await replace_lines(work, DealLine, deal.id, order.lines, sums)
    before = (deal.amount, deal.currency)
    deal.amount_follows_lines = order.amount_follows
    if order.amount_follows:
        deal.amount, deal.currency = sums.net, currency
    after = (deal.amount, deal.currency)
    made: dict[str, tuple[Any, Any]] = {"lines": (None, len(order.lines))}
    if before != after:
        made |= {"amount": (before[0], after[0]), "currency": (before[1], after[1])}
    await changed(work, deal, "lines_changed", made)
    return deal.id
