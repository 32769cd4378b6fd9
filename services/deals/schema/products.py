"""The catalogue, priced lines, and the organization on paper."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.deals.queries import batches
from services.deals.schema.quote_enums import ProductKind
from services.deals.values.money import shown


@strawberry.federation.type(name="Product", keys=["id"], description="A product or service of your catalogue.")
class ProductType:
    """See model.Product."""

    id: strawberry.ID = strawberry.field(description="TypeID, `product_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    kind: ProductKind = strawberry.field(description="A thing or work.")
    sku: str | None = strawberry.field(description="Your own code; one product at a time has it.")
    name_fr: str = strawberry.field(description="Its name in French.")
    name_en: str | None = strawberry.field(description="Its name in English.")
    unit: str = strawberry.field(description="What it is counted in: m², hour… Empty where in pieces.")
    price: Decimal = strawberry.field(description="What one unit costs without VAT.")
    currency: str = strawberry.field(description="The currency of its price, ISO 4217.")
    vat_rate: Decimal = strawberry.field(description="VAT in percent.")
    archived_at: datetime | None = strawberry.field(description="When it left the catalogue, if it did.")
    created_at: datetime = strawberry.field(description="When it came into the catalogue.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            id=strawberry.ID(format_id("product", row.id)),
            version=row.version,
            kind=ProductKind(row.kind),
            sku=row.sku,
            name_fr=row.name_fr,
            name_en=row.name_en,
            unit=row.unit,
            price=plain(row.price),
            currency=row.currency,
            vat_rate=row.vat_rate,
            archived_at=row.archived_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The product of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.products, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("product", id))


@strawberry.type(name="Line", description="A quantity at a price, less a discount.")
class LineType:
    """See model.PricedLine."""

    row: strawberry.Private[Row[Any]]
    label: str = strawberry.field(description="What it is.")
    description: str = strawberry.field(description="More about it; empty where there is nothing.")
    quantity: Decimal = strawberry.field(description="How many units.")
    unit: str = strawberry.field(description="What it is counted in.")
    unit_price: Decimal = strawberry.field(description="What one unit costs without VAT.")
    discount_percent: Decimal | None = strawberry.field(description="What is taken off, in percent.")
    discount_amount: Decimal | None = strawberry.field(description="What is taken off, in money.")
    vat_rate: Decimal = strawberry.field(description="VAT in percent.")
    net: Decimal = strawberry.field(description="What the line comes to without VAT, its discount taken off.")

    @classmethod
    def of(cls, row: Row[Any], currency: str) -> Self:
        """A line of something in this currency."""
        return cls(
            row=row,
            label=row.label,
            description=row.description,
            quantity=plain(row.quantity),
            unit=row.unit,
            unit_price=plain(row.unit_price),
            discount_percent=row.discount_percent,
            discount_amount=None if row.discount_amount is None else shown(row.discount_amount, currency),
            vat_rate=row.vat_rate,
            net=shown(row.net, currency),
        )

    @strawberry.field(description="The product that it was taken from, if it was.")
    async def product(self, info: Info) -> ProductType | None:
        """Loaded with the others of the answer."""
        return await ProductType.load(info, self.row.product_id)


def plain(value: Decimal) -> Decimal:
    """Without the noughts that a column adds; never in powers of ten."""
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare


@strawberry.type(name="VatShare", description="What one rate of VAT bears on, and what it makes.")
class VatShareType:
    """See values.totals.VatShare."""

    rate: Decimal = strawberry.field(description="VAT in percent.")
    net: Decimal = strawberry.field(description="What it bears on, every discount taken off.")
    vat: Decimal = strawberry.field(description="What it makes, rounded half up to the currency's minor unit.")


@strawberry.type(name="Letterhead", description="Who your organization is on paper.")
class LetterheadType:
    """See model.Letterhead."""

    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    legal_name: str = strawberry.field(description="Its name in law.")
    legal_form: str = strawberry.field(description="Its form and capital, as `SARL au capital de 10 000 €`.")
    address: str = strawberry.field(description="Its seat, over several lines.")
    siret: str = strawberry.field(description="Its SIRET.")
    vat_number: str | None = strawberry.field(description="Its VAT number; null where it owes no VAT.")
    register: str = strawberry.field(description="Its entry in the register, as `RCS Brest 732 829 320`.")
    email: str = strawberry.field(description="Its e-mail address.")
    phone: str = strawberry.field(description="Its telephone number.")
    payment_terms: str = strawberry.field(description="How it is to be paid, as papers say it.")
    payment_days: int = strawberry.field(description="Days from an invoice to its due date.")
    validity_days: int = strawberry.field(description="Days that a quote holds unless it says otherwise.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The value of a row."""
        names = ("version", "legal_name", "legal_form", "address", "siret", "vat_number", "register", "email", "phone")
        more = ("payment_terms", "payment_days", "validity_days")
        return cls(**{name: getattr(row, name) for name in (*names, *more)})

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The letterhead of an organization."""
        row = await info.context.load(batches.letterheads, id)
        return None if row is None else cls.of(row)
