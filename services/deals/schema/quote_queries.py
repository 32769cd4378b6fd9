"""Reading the catalogue, quotes, contracts and invoices."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry
from sqlalchemy import func, select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.filters import Clauses
from chassis.graphql.listing import FILTER, Listing, list_field
from chassis.identifiers import parse_id
from services.deals.model import Base, Contract, Invoice, Product, Quote, QuoteRequest
from services.deals.schema import billing_lists, product_lists, quote_lists
from services.deals.schema.billing_lists import InvoiceFilter
from services.deals.schema.contracts import ContractType, InvoiceType
from services.deals.schema.custom_values import KNOWN_FIELDS
from services.deals.schema.lists import columns_of
from services.deals.schema.products import LetterheadType, ProductType
from services.deals.schema.quote_lists import QuoteFilter
from services.deals.schema.quotes import QuoteRequestType, QuoteType
from services.deals.schema.rights import reading
from services.deals.values.money import shown

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="What quotes or invoices of one status and currency come to.")
class PaperSums:
    """One group of an aggregate."""

    status: str = strawberry.field(description="As the list's own status.")
    currency: str = strawberry.field(description="ISO 4217.")
    count: int = strawberry.field(description="How many.")
    net: Decimal = strawberry.field(description="What they come to without VAT.")
    gross: Decimal = strawberry.field(description="What they come to.")


def _listing(kind: type[Base], node: Any, where: Any, fields: Any) -> Listing[Any]:
    table: Any = kind.__table__
    newest = [Order(table.c.id, descending=True)]
    return Listing(select(table), table.c.id, node, where, columns_of(kind, fields), newest, check=KNOWN_FIELDS)


PRODUCTS = _listing(Product, ProductType.of, product_lists.on_products, product_lists.ProductOrderField)
QUOTES = _listing(Quote, QuoteType.of, quote_lists.on_quotes, quote_lists.QuoteOrderField)
REQUESTS = _listing(QuoteRequest, QuoteRequestType.of, quote_lists.on_requests, quote_lists.QuoteRequestOrderField)
CONTRACTS = _listing(Contract, ContractType.of, billing_lists.on_contracts, billing_lists.ContractOrderField)
INVOICES = _listing(Invoice, InvoiceType.of, billing_lists.on_invoices, billing_lists.InvoiceOrderField)


async def _sums(info: Info, kind: type[Base], clauses: Clauses) -> list[PaperSums]:
    table: Any = kind.__table__
    key = (table.c.status, table.c.currency)
    figures = (func.count().label("papers"), func.sum(table.c.net).label("net"), func.sum(table.c.gross).label("gross"))
    rows = await info.context.read.rows(select(*key, *figures).where(*clauses).group_by(*key).order_by(*key))
    return [
        PaperSums(
            status=row.status,
            currency=row.currency,
            count=row.papers,
            net=shown(row.net, row.currency),
            gross=shown(row.gross, row.currency),
        )
        for row in rows
    ]


@strawberry.type
class QuoteQuery:
    """Part of the root of reading."""

    @strawberry.field(description="Who your organization is on paper; null before it was said.", extensions=reading())
    async def letterhead(self, info: Info) -> LetterheadType | None:
        """The caller's organization's."""
        return await LetterheadType.load(info, info.context.actor.organization)

    @strawberry.field(description="One product; null if there is none.", extensions=reading())
    async def product(self, info: Info, id: Id) -> ProductType | None:
        """By id."""
        return await ProductType.load(info, parse_id("product", id))

    @strawberry.field(description="One quote; null if there is none.", extensions=reading())
    async def quote(self, info: Info, id: Id) -> QuoteType | None:
        """By id."""
        return await QuoteType.load(info, parse_id("quote", id))

    @strawberry.field(description="One request for a quote; null if there is none.", extensions=reading())
    async def quote_request(self, info: Info, id: Id) -> QuoteRequestType | None:
        """By id."""
        return await QuoteRequestType.load(info, parse_id("quote_request", id))

    @strawberry.field(description="One contract; null if there is none.", extensions=reading())
    async def contract(self, info: Info, id: Id) -> ContractType | None:
        """By id."""
        return await ContractType.load(info, parse_id("contract", id))

    @strawberry.field(description="One invoice; null if there is none.", extensions=reading())
    async def invoice(self, info: Info, id: Id) -> InvoiceType | None:
        """By id."""
        return await InvoiceType.load(info, parse_id("invoice", id))

    products = list_field(
        lambda: PRODUCTS,
        ProductType,
        filter=product_lists.ProductFilter,
        order=product_lists.ProductOrder,
        newest_first=True,
        description="Your catalogue, what left it included unless filtered.",
        extensions=reading(),
    )
    quotes = list_field(
        lambda: QUOTES,
        QuoteType,
        filter=QuoteFilter,
        order=quote_lists.QuoteOrder,
        newest_first=True,
        description="Quotes of your organization, every version of each.",
        extensions=reading(),
    )
    quote_requests = list_field(
        lambda: REQUESTS,
        QuoteRequestType,
        filter=quote_lists.QuoteRequestFilter,
        order=quote_lists.QuoteRequestOrder,
        newest_first=True,
        description="Requests for quotes to suppliers.",
        extensions=reading(),
    )
    contracts = list_field(
        lambda: CONTRACTS,
        ContractType,
        filter=billing_lists.ContractFilter,
        order=billing_lists.ContractOrder,
        newest_first=True,
        description="Contracts of your organization.",
        extensions=reading(),
    )
    invoices = list_field(
        lambda: INVOICES,
        InvoiceType,
        filter=InvoiceFilter,
        order=billing_lists.InvoiceOrder,
        newest_first=True,
        description="Invoices and credit notes of your organization.",
        extensions=reading(),
    )

    @strawberry.field(description="What quotes come to, by status and currency.", extensions=reading())
    async def quote_sums(self, info: Info, filter_: Annotated[QuoteFilter | None, FILTER] = None) -> list[PaperSums]:
        """One statement."""
        await KNOWN_FIELDS(info, filter_, None)
        return await _sums(info, Quote, quote_lists.on_quotes(filter_))

    @strawberry.field(description="What invoices come to, by status and currency.", extensions=reading())
    async def invoice_sums(
        self, info: Info, filter_: Annotated[InvoiceFilter | None, FILTER] = None
    ) -> list[PaperSums]:
        """One statement; credit notes are told apart by the filter."""
        await KNOWN_FIELDS(info, filter_, None)
        return await _sums(info, Invoice, billing_lists.on_invoices(filter_))
