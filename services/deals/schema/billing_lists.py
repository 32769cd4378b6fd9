"""How contracts and invoices are filtered and ordered."""

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
    StringFilter,
    condition,
    related,
    where,
)
from chassis.graphql.ordering import Ordering
from services.deals.model import Account, Contact, Contract, Deal, Invoice
from services.deals.queries import lists
from services.deals.schema.lists import DEAL, PARTIES, PARTY, WHENS, WRITTEN, DealFilter, PartyFilter, plain
from services.deals.schema.quote_enums import ContractStatus, InvoiceStatus
from services.deals.values.terms import Period, Renewal


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


described(
    ContractOrderField,
    "What contracts can be ordered by.",
    TITLE="Title, by its code points.",
    AMOUNT="Amount, whatever the currency.",
    STARTS_ON="First day of the term.",
    ENDS_ON="Last day of the term.",
    NOTICE_ON="Last day for notice.",
    **WHENS,
)
described(
    InvoiceOrderField,
    "What invoices can be ordered by.",
    NUMBER="Number.",
    GROSS="Sum, whatever the currency.",
    PAID="What was paid of it.",
    ISSUED_ON="The day it bears.",
    DUE_ON="When it is to be paid.",
    **WHENS,
)


@strawberry.input(description="One term of an order of contracts.")
class ContractOrder(Ordering):
    """One term."""

    field: ContractOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of invoices.")
class InvoiceOrder(Ordering):
    """One term."""

    field: InvoiceOrderField = strawberry.field(description="By what.")


_CONTRACT: Conditions = {
    **plain(
        Contract,
        *("title", "reference", "status", "period", "renewal", "amount", "currency", "starts_on", "ends_on"),
        *("notice_on", "indexed_on", *WRITTEN),
        id="contract",
        quote_id="quote",
        **PARTIES,
    ),
    "deal": related(lists.has(Deal, Contract.deal_id), DEAL),
    "account": related(lists.has(Account, Contract.account_id), plain(Account, "name", **PARTY)),
    "contact": related(lists.has(Contact, Contract.contact_id), plain(Contact, "name", **PARTY)),
}
_INVOICE: Conditions = {
    **plain(
        Invoice,
        *("number", "title", "status", "gross", "paid", "currency", "issued_on", "due_on", *WRITTEN),
        id="invoice",
        credits_id="invoice",
        contract_id="contract",
        **PARTIES,
    ),
    "deal": related(lists.has(Deal, Invoice.deal_id), DEAL),
    "account": related(lists.has(Account, Invoice.account_id), plain(Account, "name", **PARTY)),
    "contact": related(lists.has(Contact, Invoice.contact_id), plain(Contact, "name", **PARTY)),
}


def on_contracts(filter: ContractFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _CONTRACT)


def on_invoices(filter: InvoiceFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _INVOICE)
