"""How quotes and requests for them are filtered and ordered."""

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
from services.deals.model import Deal, Quote, QuoteRequest
from services.deals.queries import lists
from services.deals.schema.lists import DEAL, PARTIES, WHENS, WRITTEN, DealFilter, plain
from services.deals.schema.quote_enums import QuoteStatus, RequestStatus


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


class QuoteOrderField(StrEnum):
    """Values name columns."""

    NUMBER = "number"
    NET = "net"
    GROSS = "gross"
    VALID_UNTIL = "valid_until"
    SENT_AT = "sent_at"
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
    QuoteOrderField,
    "What quotes can be ordered by.",
    NUMBER="Number.",
    NET="Sum without VAT, whatever the currency.",
    GROSS="Sum, whatever the currency.",
    VALID_UNTIL="Last day of validity.",
    SENT_AT="When it was sent.",
    **WHENS,
)
described(
    QuoteRequestOrderField,
    "What requests for quotes can be ordered by.",
    TITLE="Title, by its code points.",
    AMOUNT="What the supplier asks, whatever the currency.",
    ANSWER_BY="Until when an answer is hoped for.",
    SENT_AT="When it was sent.",
    **WHENS,
)


@strawberry.input(description="One term of an order of quotes.")
class QuoteOrder(Ordering):
    """One term."""

    field: QuoteOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of requests for quotes.")
class QuoteRequestOrder(Ordering):
    """One term."""

    field: QuoteRequestOrderField = strawberry.field(description="By what.")


_QUOTE: Conditions = {
    **plain(
        Quote,
        *("number", "revision", "title", "buyer_name", "status", "net", "gross", "currency", "valid_until"),
        *("sent_at", "ended_at", *WRITTEN),
        id="quote",
        deal_id="deal",
        author_id="collaborator",
        sent_by_id="collaborator",
    ),
    "deal": related(lists.has(Deal, Quote.deal_id), DEAL),
}
_REQUEST: Conditions = {
    **plain(
        QuoteRequest,
        *("title", "status", "amount", "answer_by", "sent_at", "created_at"),
        id="quote_request",
        **PARTIES,
    ),
    "deal": related(lists.has(Deal, QuoteRequest.deal_id), DEAL),
}


def on_quotes(filter: QuoteFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _QUOTE)


def on_requests(filter: QuoteRequestFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _REQUEST)
