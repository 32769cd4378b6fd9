"""Lines of a deal, a quote or an invoice: replaced as a whole, priced by the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from services.deals.model import DealLine, InvoiceLine, Product, QuoteLine
from services.deals.values.totals import MOST_LINES, Discount, Price, Totals, totals

Kind = type[DealLine] | type[QuoteLine] | type[InvoiceLine]
_OWNERS: dict[Kind, str] = {DealLine: "deal_id", QuoteLine: "quote_id", InvoiceLine: "invoice_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """What is offered or claimed, and its price; `product` where it was taken from the catalogue."""

    label: str
    price: Price
    unit: str = ""
    description: str = ""
    product: UUID | None = None


async def priced(work: UnitOfWork, lines: Sequence[NewLine], discount: Discount, currency: str) -> Totals:
    """What lines come to. Raises InvalidInput, and NotFound for a product of another organization."""
    if len(lines) > MOST_LINES:
        raise InvalidInput("lines", f"At most {MOST_LINES} lines.")
    await _check_products(work, lines)
    return totals([line.price for line in lines], discount, currency)


async def _check_products(work: UnitOfWork, lines: Sequence[NewLine]) -> None:
    asked = {line.product: place for place, line in reversed([*enumerate(lines)]) if line.product is not None}
    if not asked:
        return
    statement = select(Product.id, Product.archived_at).where(Product.id.in_(asked))
    found = {row.id: row.archived_at for row in await work.session.execute(statement)}
    for product, place in asked.items():
        if product not in found:
            raise NotFound("product", product, f"lines.{place}.productId")


async def replace_lines(work: UnitOfWork, kind: Kind, owner: UUID, lines: Sequence[NewLine], sums: Totals) -> None:
    """Put these lines in the place of those that were there."""
    table: Any = kind.__table__
    await work.session.execute(delete(table).where(table.c[_OWNERS[kind]] == owner))
    rows = [
        {
            _OWNERS[kind]: owner,
            "organization_id": work.organization,
            "position": place,
            "product_id": line.product,
            "label": line.label,
            "description": line.description,
            "quantity": line.price.quantity,
            "unit": line.unit,
            "unit_price": line.price.unit_price,
            "discount_percent": line.price.discount.percent,
            "discount_amount": line.price.discount.amount,
            "vat_rate": line.price.vat_rate,
            "net": net,
        }
        for place, (line, net) in enumerate(zip(lines, sums.lines, strict=True))
    ]
    if rows:
        await work.session.execute(insert(table), rows)


async def lines_of(work: UnitOfWork, kind: Kind, owner: UUID) -> list[NewLine]:
    """The lines that are there, to be written elsewhere."""
    table: Any = kind.__table__
    statement = select(table).where(table.c[_OWNERS[kind]] == owner).order_by(table.c.position)
    return [_line(row) for row in await work.session.execute(statement)]


def _line(row: Any) -> NewLine:
    return NewLine(
        label=row.label, description=row.description, unit=row.unit, product=row.product_id, price=price_of(row)
    )


def price_of(row: Any) -> Price:
    """The price in a line's row."""
    return Price(row.quantity, row.unit_price, row.vat_rate, Discount(row.discount_percent, row.discount_amount))
