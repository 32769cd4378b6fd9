"""How the catalogue, quotes, contracts, invoices and requests are filtered and ordered."""

from enum import StrEnum

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.filters import (
    ChoiceFilter,
    Clauses,
    Conditions,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    condition,
    related,
    where,
)
from chassis.graphql.ordering import Ordering
from services.deals.model import Account, Contact, Contract, Deal, Invoice, Product, Quote, QuoteRequest
from services.deals.queries import lists
from services.deals.schema.lists import DEAL, DealFilter, PartyFilter, plain
from services.deals.schema.quote_enums import ContractStatus, InvoiceStatus, ProductKind, QuoteStatus, RequestStatus
from services.deals.values.terms import Period, Renewal


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


@strawberry.input(description="Which quotes. All the conditions given must hold.")
class QuoteFilter:
    """See on_quotes."""

    id: IdFilter | None = condition("Which one.")
    number: StringFilter | None = condition("The number of the offer, without its version.")
    revision: IntFilter | None = condition("Which version of the offer it is.")
    title: StringFilter | None = condition("What it is for.")
    buyer_name: StringFilter | None = condition("Whom it is made out to.")
    status: ChoiceFilter[QuoteStatus] | None = condition("Where it is in its life.")
    deal_id: IdFilter | None = condition("Its deal.")
    deal: DealFilter | None = condition("What holds for its deal.")
    author_id: IdFilter | None = condition("Who wrote it.")
    sent_by_id: IdFilter | None = condition("Who sent it.")
    net: DecimalFilter | None = condition("What it comes to without VAT, whatever the currency.")
    gross: DecimalFilter | None = condition("What it comes to, whatever the currency.")
    currency: StringFilter | None = condition("Its currency.")
    valid_until: DateFilter | None = condition("The last day of its validity.")
    sent_at: DateTimeFilter | None = condition("When it was sent.")
    ended_at: DateTimeFilter | None = condition("When it was answered, or ended otherwise.")
    created_at: DateTimeFilter | None = condition("When it was drafted.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["QuoteFilter"] | None = condition("All of these hold.", name="and")
    or_: list["QuoteFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "QuoteFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which contracts. All the conditions given must hold.")
class ContractFilter:
    """See on_contracts."""

    id: IdFilter | None = condition("Which one.")
    title: StringFilter | None = condition("What it is about.")
    reference: StringFilter | None = condition("Your own number of it.")
    status: ChoiceFilter[ContractStatus] | None = condition("Where it is in its life.")
    period: ChoiceFilter[Period] | None = condition("What its amount is for.")
    renewal: ChoiceFilter[Renewal] | None = condition("What becomes of it at the end of its term.")
    deal_id: IdFilter | None = condition("Its deal.")
    deal: DealFilter | None = condition("What holds for its deal.")
    quote_id: IdFilter | None = condition("The quote that drafted it.")
    account_id: IdFilter | None = condition("The company it is with.")
    account: PartyFilter | None = condition("What holds for the company.")
    contact_id: IdFilter | None = condition("The person it is with.")
    contact: PartyFilter | None = condition("What holds for the person.")
    amount: DecimalFilter | None = condition("Its amount, whatever the currency.")
    currency: StringFilter | None = condition("Its currency.")
    starts_on: DateFilter | None = condition("The first day of its term.")
    ends_on: DateFilter | None = condition("The last day of its term.")
    notice_on: DateFilter | None = condition("The last day for notice.")
    indexed_on: DateFilter | None = condition("When its next value applies.")
    created_at: DateTimeFilter | None = condition("When it was drafted.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["ContractFilter"] | None = condition("All of these hold.", name="and")
    or_: list["ContractFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "ContractFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which invoices. All the conditions given must hold.")
class InvoiceFilter:
    """See on_invoices."""

    id: IdFilter | None = condition("Which one.")
    number: StringFilter | None = condition("Its number.")
    title: StringFilter | None = condition("What it is for.")
    status: ChoiceFilter[InvoiceStatus] | None = condition("Where it is in its life.")
    credits_id: IdFilter | None = condition("The invoice that it takes back; isNull for those that are no credit note.")
    deal_id: IdFilter | None = condition("Its deal.")
    deal: DealFilter | None = condition("What holds for its deal.")
    contract_id: IdFilter | None = condition("Its contract.")
    account_id: IdFilter | None = condition("The company that owes it.")
    account: PartyFilter | None = condition("What holds for the company.")
    contact_id: IdFilter | None = condition("The person it is for.")
    contact: PartyFilter | None = condition("What holds for the person.")
    gross: DecimalFilter | None = condition("What it comes to, whatever the currency.")
    paid: DecimalFilter | None = condition("What was paid of it.")
    currency: StringFilter | None = condition("Its currency.")
    issued_on: DateFilter | None = condition("The day it bears.")
    due_on: DateFilter | None = condition("When it is to be paid.")
    created_at: DateTimeFilter | None = condition("When it was drafted.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["InvoiceFilter"] | None = condition("All of these hold.", name="and")
    or_: list["InvoiceFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "InvoiceFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which requests for quotes. All the conditions given must hold.")
class QuoteRequestFilter:
    """See on_requests."""

    id: IdFilter | None = condition("Which one.")
    title: StringFilter | None = condition("What is asked for.")
    status: ChoiceFilter[RequestStatus] | None = condition("Where it is in its life.")
    deal_id: IdFilter | None = condition("Its deal.")
    deal: DealFilter | None = condition("What holds for its deal.")
    account_id: IdFilter | None = condition("The company that is asked.")
    contact_id: IdFilter | None = condition("The person who is asked.")
    amount: DecimalFilter | None = condition("What the supplier asks, whatever the currency.")
    answer_by: DateFilter | None = condition("Until when an answer is hoped for.")
    sent_at: DateTimeFilter | None = condition("When it was sent.")
    created_at: DateTimeFilter | None = condition("When it was written.")
    and_: list["QuoteRequestFilter"] | None = condition("All of these hold.", name="and")
    or_: list["QuoteRequestFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "QuoteRequestFilter | None" = condition("This does not hold.", name="not")


_WHENS = {"CREATED_AT": "When it was made.", "UPDATED_AT": "When it last changed."}


class ProductOrderField(StrEnum):
    """Values name columns."""

    NAME_FR = "name_fr"
    SKU = "sku"
    PRICE = "price"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class QuoteOrderField(StrEnum):
    """Values name columns."""

    NUMBER = "number"
    NET = "net"
    GROSS = "gross"
    VALID_UNTIL = "valid_until"
    SENT_AT = "sent_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class ContractOrderField(StrEnum):
    """Values name columns."""

    TITLE = "title"
    AMOUNT = "amount"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    NOTICE_ON = "notice_on"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class InvoiceOrderField(StrEnum):
    """Values name columns."""

    NUMBER = "number"
    GROSS = "gross"
    PAID = "paid"
    ISSUED_ON = "issued_on"
    DUE_ON = "due_on"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class QuoteRequestOrderField(StrEnum):
    """Values name columns."""

    TITLE = "title"
    AMOUNT = "amount"
    ANSWER_BY = "answer_by"
    SENT_AT = "sent_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    ProductOrderField,
    "What products can be ordered by.",
    NAME_FR="Name in French, by its code points.",
    SKU="Your own code.",
    PRICE="Price, whatever the currency.",
    **_WHENS,
)
described(
    QuoteOrderField,
    "What quotes can be ordered by.",
    NUMBER="Number.",
    NET="Sum without VAT, whatever the currency.",
    GROSS="Sum, whatever the currency.",
    VALID_UNTIL="Last day of validity.",
    SENT_AT="When it was sent.",
    **_WHENS,
)
described(
    ContractOrderField,
    "What contracts can be ordered by.",
    TITLE="Title, by its code points.",
    AMOUNT="Amount, whatever the currency.",
    STARTS_ON="First day of the term.",
    ENDS_ON="Last day of the term.",
    NOTICE_ON="Last day for notice.",
    **_WHENS,
)
described(
    InvoiceOrderField,
    "What invoices can be ordered by.",
    NUMBER="Number.",
    GROSS="Sum, whatever the currency.",
    PAID="What was paid of it.",
    ISSUED_ON="The day it bears.",
    DUE_ON="When it is to be paid.",
    **_WHENS,
)
described(
    QuoteRequestOrderField,
    "What requests for quotes can be ordered by.",
    TITLE="Title, by its code points.",
    AMOUNT="What the supplier asks, whatever the currency.",
    ANSWER_BY="Until when an answer is hoped for.",
    SENT_AT="When it was sent.",
    **_WHENS,
)


@strawberry.input(description="One term of an order of products.")
class ProductOrder(Ordering):
    """One term."""

    field: ProductOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of quotes.")
class QuoteOrder(Ordering):
    """One term."""

    field: QuoteOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of contracts.")
class ContractOrder(Ordering):
    """One term."""

    field: ContractOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of invoices.")
class InvoiceOrder(Ordering):
    """One term."""

    field: InvoiceOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of requests for quotes.")
class QuoteRequestOrder(Ordering):
    """One term."""

    field: QuoteRequestOrderField = strawberry.field(description="By what.")


_PARTIES = {"account_id": "account", "contact_id": "contact", "deal_id": "deal"}
_PARTY = {"relationship_manager_id": "collaborator"}
_WRITTEN = ("created_at", "updated_at")
_PRODUCT: Conditions = plain(
    Product,
    *("name_fr", "name_en", "sku", "kind", "unit", "price", "currency", "vat_rate", "archived_at", *_WRITTEN),
    id="product",
)
_QUOTE: Conditions = {
    **plain(
        Quote,
        *("number", "revision", "title", "buyer_name", "status", "net", "gross", "currency", "valid_until"),
        *("sent_at", "ended_at", *_WRITTEN),
        id="quote",
        deal_id="deal",
        author_id="collaborator",
        sent_by_id="collaborator",
    ),
    "deal": related(lists.has(Deal, Quote.deal_id), DEAL),
}
_CONTRACT: Conditions = {
    **plain(
        Contract,
        *("title", "reference", "status", "period", "renewal", "amount", "currency", "starts_on", "ends_on"),
        *("notice_on", "indexed_on", *_WRITTEN),
        id="contract",
        quote_id="quote",
        **_PARTIES,
    ),
    "deal": related(lists.has(Deal, Contract.deal_id), DEAL),
    "account": related(lists.has(Account, Contract.account_id), plain(Account, "name", **_PARTY)),
    "contact": related(lists.has(Contact, Contract.contact_id), plain(Contact, "name", **_PARTY)),
}
_INVOICE: Conditions = {
    **plain(
        Invoice,
        *("number", "title", "status", "gross", "paid", "currency", "issued_on", "due_on", *_WRITTEN),
        id="invoice",
        credits_id="invoice",
        contract_id="contract",
        **_PARTIES,
    ),
    "deal": related(lists.has(Deal, Invoice.deal_id), DEAL),
    "account": related(lists.has(Account, Invoice.account_id), plain(Account, "name", **_PARTY)),
    "contact": related(lists.has(Contact, Invoice.contact_id), plain(Contact, "name", **_PARTY)),
}
_REQUEST: Conditions = {
    **plain(
        QuoteRequest,
        *("title", "status", "amount", "answer_by", "sent_at", "created_at"),
        id="quote_request",
        **_PARTIES,
    ),
    "deal": related(lists.has(Deal, QuoteRequest.deal_id), DEAL),
}


def on_products(filter: ProductFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _PRODUCT)


def on_quotes(filter: QuoteFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _QUOTE)


def on_contracts(filter: ContractFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _CONTRACT)


def on_invoices(filter: InvoiceFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _INVOICE)


def on_requests(filter: QuoteRequestFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _REQUEST)
