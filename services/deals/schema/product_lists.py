"""How the catalogue is filtered and ordered."""

from enum import StrEnum

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.filters import (
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    DecimalFilter,
    IdFilter,
    StringFilter,
    condition,
    where,
)
from chassis.graphql.ordering import Ordering
from services.deals.model import Product
from services.deals.schema.lists import WHENS, WRITTEN, plain
from services.deals.schema.quote_enums import ProductKind


@strawberry.input(description="Which products. All the conditions given must hold.")
class ProductFilter:
    """See on_products."""

    id: IdFilter | None = condition("Which one.")
    name_fr: StringFilter | None = condition("Its name in French.")
    name_en: StringFilter | None = condition("Its name in English.")
    sku: StringFilter | None = condition("Its code.")
    kind: ChoiceFilter[ProductKind] | None = condition("A thing or work.")
    unit: StringFilter | None = condition("What it is counted in.")
    price: DecimalFilter | None = condition("Its price, whatever the currency.")
    currency: StringFilter | None = condition("The currency of its price.")
    vat_rate: DecimalFilter | None = condition("VAT in percent.")
    archived_at: DateTimeFilter | None = condition("When it left the catalogue; isNull for those that are in it.")
    created_at: DateTimeFilter | None = condition("When it came into the catalogue.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["ProductFilter"] | None = condition("All of these hold.", name="and")
    or_: list["ProductFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "ProductFilter | None" = condition("This does not hold.", name="not")


class ProductOrderField(StrEnum):
    """Values name columns."""

    NAME_FR = "name_fr"
    SKU = "sku"
    PRICE = "price"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    ProductOrderField,
    "What products can be ordered by.",
    NAME_FR="Name in French, by its code points.",
    SKU="Your own code.",
    PRICE="Price, whatever the currency.",
    **WHENS,
)


@strawberry.input(description="One term of an order of products.")
class ProductOrder(Ordering):
    """One term."""

    field: ProductOrderField = strawberry.field(description="By what.")


_PRODUCT: Conditions = plain(
    Product,
    *("name_fr", "name_en", "sku", "kind", "unit", "price", "currency", "vat_rate", "archived_at", *WRITTEN),
    id="product",
)


def on_products(filter: ProductFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _PRODUCT)
