"""Inputs that deals, quotes and invoices share: lines, discounts and reasons, parsed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput, NotFound
from chassis.graphql.context import Info
from chassis.identifiers import parse_id
from services.deals.commands.quotes.lines import NewLine
from services.deals.queries import batches
from services.deals.values import totals
from services.deals.values.totals import MOST_LINES, Discount, Price, minor_unit

MOST_OF_A_UNIT = 30
MOST_OF_A_DESCRIPTION = 2_000
MOST_OF_A_REASON = 1_000
DEFAULT_UNIT = Decimal("0.01")


@strawberry.input(description="A quantity at a price. What is absent is taken from the product, if one is named.")
class LineInput:
    """See commands.quotes.lines.NewLine."""

    product_id: strawberry.ID | None = strawberry.field(default=None, description="The product it is taken from.")
    label: str | None = strawberry.field(default=None, description="What it is, on one line.")
    description: str = strawberry.field(default="", description="More about it, over several lines.")
    quantity: Decimal = strawberry.field(default=Decimal(1), description="Above zero, at most 4 decimals.")
    unit: str | None = strawberry.field(default=None, description="What it is counted in.")
    unit_price: Decimal | None = strawberry.field(
        default=None, description="Without VAT, at most 4 decimals: it may be finer than the currency."
    )
    discount_percent: Decimal | None = strawberry.field(default=None, description="Taken off the line, in percent.")
    discount_amount: Decimal | None = strawberry.field(default=None, description="Taken off the line, in money.")
    vat_rate: Decimal | None = strawberry.field(default=None, description="VAT in percent, from 0 to 100.")


async def lines(info: Info, given: Sequence[LineInput], locale: str, currency: str | None) -> tuple[NewLine, ...]:
    """The lines of an input. Raises InvalidInput, InvalidId, NotFound, each naming the line."""
    if len(given) > MOST_LINES:
        raise InvalidInput("lines", f"At most {MOST_LINES} lines.")
    return tuple([await _line(info, one, f"lines.{place}", locale, currency) for place, one in enumerate(given)])


async def _line(info: Info, given: LineInput, field: str, locale: str, currency: str | None) -> NewLine:
    product = await _product(info, given, field)
    if product is not None and currency is not None and given.unit_price is None and product.currency != currency:
        raise InvalidInput(
            f"{field}.unitPrice", f"The product's price is in {product.currency}: give one in {currency}."
        )
    label = given.label if given.label is not None else _name(product, locale)
    unit = given.unit if given.unit is not None else product.unit if product else ""
    return NewLine(
        label=text.line(label or "", f"{field}.label"),
        description=text.optional_note(given.description, f"{field}.description", most=MOST_OF_A_DESCRIPTION) or "",
        unit=text.optional_line(unit, f"{field}.unit", most=MOST_OF_A_UNIT) or "",
        product=None if given.product_id is None else parse_id("product", given.product_id),
        price=_price(given, product, field, currency),
    )


async def _product(info: Info, given: LineInput, field: str) -> Any:
    if given.product_id is None:
        return None
    id = parse_id("product", given.product_id, f"{field}.productId")
    found = await info.context.load(batches.products, id)
    if found is None:
        raise NotFound("product", id, f"{field}.productId")
    return found


def _name(product: Any, locale: str) -> str | None:
    if product is None:
        return None
    name: str = product.name_en or product.name_fr if locale == "en" else product.name_fr
    return name


def _price(given: LineInput, product: Any, field: str, currency: str | None) -> Price:
    price = given.unit_price if given.unit_price is not None else product.price if product else None
    rate = given.vat_rate if given.vat_rate is not None else product.vat_rate if product else None
    if price is None:
        raise InvalidInput(f"{field}.unitPrice", "Give a unit price, or a product that has one.")
    if rate is None:
        raise InvalidInput(f"{field}.vatRate", "Give a VAT rate, or a product that has one.")
    unit = minor_unit(currency) if currency else DEFAULT_UNIT
    return Price(
        totals.quantity(given.quantity, f"{field}.quantity"),
        totals.unit_price(price, f"{field}.unitPrice"),
        totals.rate(rate, f"{field}.vatRate"),
        totals.discount(given.discount_percent, given.discount_amount, unit, f"{field}."),
    )


def discount_of(percent: Any, amount: Any, currency: str | None) -> Discount:
    """A paper's own discount; UNSET is none. Raises InvalidInput."""
    unit = minor_unit(currency) if currency else DEFAULT_UNIT
    return totals.discount(None if percent is UNSET else percent, None if amount is UNSET else amount, unit)


def currency_of(value: str | None) -> str | None:
    """A currency that may be left out. Raises InvalidInput."""
    return None if value is None else totals.currency(value)


def reason_of(value: str | None) -> str | None:
    """Why something on paper ended, in somebody's words. Raises InvalidInput."""
    return text.optional_note(value, "reason", most=MOST_OF_A_REASON)
