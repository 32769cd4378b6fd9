"""Priced lines: the shape that deals, quotes and invoices share, and the catalogue that lines are taken from."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, PrimaryKeyConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String, within
from services.deals.model.deals import AMOUNT_DECIMALS, AMOUNT_DIGITS

QUANTITY_DIGITS = 9
RATE_DECIMALS = 2
AMOUNT = Numeric(AMOUNT_DIGITS + AMOUNT_DECIMALS, AMOUNT_DECIMALS)
QUANTITY = Numeric(QUANTITY_DIGITS + AMOUNT_DECIMALS, AMOUNT_DECIMALS)
RATE = Numeric(3 + RATE_DECIMALS, RATE_DECIMALS)


class Product(Base):
    """A product or service of the catalogue; its price is a proposal that a line may change."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("kind IN ('PRODUCT', 'SERVICE')", name="product_kind"),
        CheckConstraint("price >= 0 AND vat_rate BETWEEN 0 AND 100", name="product_price"),
        UniqueConstraint("organization_id", "id", name="product_tenant"),
        Index("product_sku", "organization_id", "sku", unique=True, postgresql_where=text("archived_at IS NULL")),
        Index("product_name", "organization_id", "name_fr", "id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    kind: Mapped[String]
    sku: Mapped[String | None]
    name_fr: Mapped[String]
    name_en: Mapped[String | None]
    unit: Mapped[String]
    price: Mapped[Decimal] = mapped_column(AMOUNT)
    currency: Mapped[String]
    vat_rate: Mapped[Decimal] = mapped_column(RATE)
    archived_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class PricedLine:
    """A quantity at a price, less a discount in percent or in money, with its VAT rate in percent."""

    organization_id: Mapped[Ref]
    position: Mapped[int] = mapped_column(SmallInteger)
    product_id: Mapped[Ref | None]
    label: Mapped[String]
    description: Mapped[String]
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    unit: Mapped[String]
    unit_price: Mapped[Decimal] = mapped_column(AMOUNT)
    discount_percent: Mapped[Decimal | None] = mapped_column(RATE)
    discount_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    vat_rate: Mapped[Decimal] = mapped_column(RATE)
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    """Before VAT and before the document's own discount, rounded to the currency's minor unit."""


class DealLine(PricedLine, Base):
    """What a deal is about, before any quote."""

    __tablename__ = "deal_line"
    __table_args__ = (
        PrimaryKeyConstraint("deal_id", "position"),
        within("deal_id", "deal"),
        within("product_id", "product"),
    )

    deal_id: Mapped[Ref]
