"""Writing the catalogue, the letterhead, and the lines of deals."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry
from stdnum import exceptions as stdnum
from stdnum.eu import vat
from stdnum.fr import siret
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands.quotes import catalogue, deal_lines
from services.deals.schema.deals import DealType
from services.deals.schema.line_inputs import MOST_OF_A_UNIT, LineInput, currency_of, lines
from services.deals.schema.products import LetterheadType, ProductType
from services.deals.schema.quote_enums import ProductKind
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import totals

MOST_OF_A_CODE = 60
MOST_OF_TERMS = 500
MOST_DAYS = 365
DEFAULT_DAYS = 30
DealLinesResult = Annotated[
    DealType | CommonErrors, strawberry.union("DealLinesResult", description="The deal, or why nothing was written.")
]
ProductResult = Annotated[
    ProductType | CommonErrors,
    strawberry.union("ProductResult", description="The product, or why nothing was written."),
]
LetterheadResult = Annotated[
    LetterheadType | CommonErrors,
    strawberry.union("LetterheadResult", description="The letterhead, or why nothing was written."),
]


@strawberry.input(description="A product or service for the catalogue.")
class CreateProductInput(Write):
    """See commands.quotes.catalogue.NewProduct."""

    kind: ProductKind = strawberry.field(default=ProductKind.SERVICE, description="A thing or work.")
    sku: str | None = strawberry.field(default=None, description="Your own code; one product at a time has it.")
    name_fr: str = strawberry.field(description="Its name in French, on one line.")
    name_en: str | None = strawberry.field(default=None, description="Its name in English.")
    unit: str = strawberry.field(default="", description="What it is counted in: m², hour…")
    price: Decimal = strawberry.field(description="What one unit costs without VAT, at most 4 decimals.")
    currency: str = strawberry.field(default="EUR", description="ISO 4217.")
    vat_rate: Decimal = strawberry.field(default=Decimal(20), description="VAT in percent, from 0 to 100.")


@strawberry.input(description="What to change of a product; what is absent stays.")
class UpdateProductInput(Update):
    """See commands.quotes.catalogue.ProductChange."""

    kind: ProductKind | None = strawberry.field(default=UNSET, description="A thing or work; never null.")
    sku: str | None = strawberry.field(default=UNSET, description="Your own code; null takes it away.")
    name_fr: str | None = strawberry.field(default=UNSET, description="Its name in French; never null.")
    name_en: str | None = strawberry.field(default=UNSET, description="Its name in English.")
    unit: str | None = strawberry.field(default=UNSET, description="What it is counted in.")
    price: Decimal | None = strawberry.field(default=UNSET, description="Its price without VAT; never null.")
    vat_rate: Decimal | None = strawberry.field(default=UNSET, description="VAT in percent; never null.")
    archived: bool | None = strawberry.field(default=None, description="True takes it out of the catalogue.")


@strawberry.input(description="Who your organization is on paper, as French law wants it named.")
class SetLetterheadInput(Write):
    """See commands.quotes.catalogue.LetterheadChange."""

    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw, 0 for none: refused if there is a newer one."
    )
    legal_name: str = strawberry.field(description="Its name in law.")
    legal_form: str = strawberry.field(default="", description="Form and capital: `SARL au capital de 10 000 €`.")
    address: str = strawberry.field(description="Its seat, over several lines.")
    siret: str = strawberry.field(description="Its SIRET, 14 digits; spaces are allowed.")
    vat_number: str | None = strawberry.field(
        default=None, description="Its VAT number; null where it owes no VAT (art. 293 B of the CGI)."
    )
    register: str = strawberry.field(default="", description="As `RCS Brest 732 829 320`.")
    email: str = strawberry.field(default="", description="Its e-mail address.")
    phone: str = strawberry.field(default="", description="Its telephone number.")
    payment_terms: str = strawberry.field(default="", description="How it is to be paid, as papers say it.")
    payment_days: int = strawberry.field(default=DEFAULT_DAYS, description="Days from an invoice to its due date.")
    validity_days: int = strawberry.field(default=DEFAULT_DAYS, description="Days that a quote holds.")


@strawberry.input(description="What a deal is about: its lines, whole.")
class SetDealLinesInput(Update):
    """See commands.quotes.deal_lines.DealLines."""

    lines: list[LineInput] = strawberry.field(description="In order, at most 200.")
    amount_follows: bool = strawberry.field(
        default=True, description="Whether the deal's amount is what the lines come to without VAT, now."
    )
    currency: str | None = strawberry.field(default=None, description="The deal's own, or EUR, if absent.")


def _product_values(input: Any) -> dict[str, Any]:
    """Parsed values of what was given. Raises InvalidInput."""
    parsers: dict[str, Any] = {
        "kind": lambda value: _needed(value, "kind").value,
        "sku": lambda value: text.optional_line(value, "sku", most=MOST_OF_A_CODE),
        "name_fr": lambda value: text.line(value or "", "nameFr"),
        "name_en": lambda value: text.optional_line(value, "nameEn"),
        "unit": lambda value: text.optional_line(value, "unit", most=MOST_OF_A_UNIT) or "",
        "price": lambda value: totals.unit_price(_needed(value, "price"), "price"),
        "currency": lambda value: totals.currency(value),
        "vat_rate": lambda value: totals.rate(_needed(value, "vatRate"), "vatRate"),
    }
    told = {name: getattr(input, name, UNSET) for name in parsers}
    return {name: parsers[name](value) for name, value in given(**told).items()}


def _needed(value: Any, field: str) -> Any:
    if value is None:
        raise InvalidInput(field, "It must not be null.")
    return value


def _letterhead_values(input: SetLetterheadInput) -> dict[str, Any]:
    one_line = {
        name: text.optional_line(getattr(input, name), field) or ""
        for name, field in (
            ("legal_form", "legalForm"),
            ("register", "register"),
            ("email", "email"),
            ("phone", "phone"),
        )
    }
    for name, value in (("paymentDays", input.payment_days), ("validityDays", input.validity_days)):
        if not 0 <= value <= MOST_DAYS:
            raise InvalidInput(name, f"Give a number of days from 0 to {MOST_DAYS}.")
    address = text.optional_note(input.address, "address", most=MOST_OF_TERMS)
    if not address:
        raise InvalidInput("address", "It must not be empty.")
    return {
        **one_line,
        "legal_name": text.line(input.legal_name, "legalName"),
        "address": address,
        "siret": _number(siret, input.siret, "siret", "Give a SIRET: 14 digits, as in 732 829 320 00074."),
        "vat_number": input.vat_number
        and _number(
            vat, input.vat_number, "vatNumber", "Give a VAT number of the European Union, as in FR44732829320."
        ),
        "payment_terms": text.optional_note(input.payment_terms, "paymentTerms", most=MOST_OF_TERMS) or "",
        "payment_days": input.payment_days,
        "validity_days": input.validity_days,
    }


def _number(kind: Any, value: str, field: str, message: str) -> str:
    try:
        return str(kind.validate(value[:40]))
    except stdnum.ValidationError:
        raise InvalidInput(field, message) from None


@strawberry.type
class CatalogueMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Put a product or service into the catalogue.", extensions=writing())
    async def create_product(self, info: Info, input: Annotated[CreateProductInput, GIVEN]) -> ProductResult:
        """See commands.quotes.catalogue.create_product."""
        order = catalogue.NewProduct(values=_product_values(input))
        return await written(info, input, catalogue.create_product, order, ProductType)

    @strawberry.mutation(
        description="Change a product, take it out of the catalogue, or back; lines keep their prices.",
        extensions=writing(),
    )
    async def update_product(self, info: Info, input: Annotated[UpdateProductInput, GIVEN]) -> ProductResult:
        """See commands.quotes.catalogue.update_product."""
        order = catalogue.ProductChange(
            id=parse_id("product", input.id),
            expected_version=input.expected_version,
            changes=_product_values(input),
            archived=input.archived,
        )
        return await written(info, input, catalogue.update_product, order, ProductType)

    @strawberry.mutation(description="Say who your organization is on paper.", extensions=writing())
    async def set_letterhead(self, info: Info, input: Annotated[SetLetterheadInput, GIVEN]) -> LetterheadResult:
        """See commands.quotes.catalogue.set_letterhead."""
        order = catalogue.LetterheadChange(values=_letterhead_values(input), expected_version=input.expected_version)
        return await written(info, input, catalogue.set_letterhead, order, LetterheadType)

    @strawberry.mutation(description="Say which products or services a deal is about.", extensions=writing())
    async def set_deal_lines(self, info: Info, input: Annotated[SetDealLinesInput, GIVEN]) -> DealLinesResult:
        """See commands.quotes.deal_lines.set_deal_lines."""
        currency = currency_of(input.currency)
        order = deal_lines.DealLines(
            deal=parse_id("deal", input.id),
            lines=await lines(info, input.lines, "fr", currency),
            amount_follows=input.amount_follows,
            currency=currency,
            expected_version=input.expected_version,
        )
        return await written(info, input, deal_lines.set_deal_lines, order, DealType)

    create_products = batch_of(create_product, "create_products", "Put products into the catalogue.")
    update_products = batch_of(update_product, "update_products", "Change products.")
