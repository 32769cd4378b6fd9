"""What is given for quotes, requests for quotes, and answers to them."""

from datetime import date
from decimal import Decimal

import strawberry
from strawberry import UNSET

from services.deals.schema.line_inputs import LineInput
from services.deals.schema.quote_enums import PaperLocale, RequestStatus
from services.deals.schema.unit import Update, Write

MOST_OF_A_NOTE = 5_000

MOST_OF_AN_ADDRESS = 500


@strawberry.input(description="An offer to draft on a deal.")
class DraftQuoteInput(Write):
    """See commands.quotes.drafts.NewQuote."""

    deal_id: strawberry.ID = strawberry.field(description="The deal it is on.")
    lines: list[LineInput] | None = strawberry.field(
        default=None, description="In order, at most 200; the deal's own lines if absent."
    )
    title: str | None = strawberry.field(default=UNSET, description="What it is for; the deal's title if absent.")
    locale: PaperLocale | None = strawberry.field(
        default=UNSET, description="The language of its paper; your organization's if absent."
    )
    introduction: str | None = strawberry.field(default=UNSET, description="What stands above the lines.")
    conditions: str | None = strawberry.field(default=UNSET, description="What stands below the sums.")
    buyer_name: str | None = strawberry.field(
        default=UNSET, description="Whom it is made out to; the deal's account or primary contact if absent."
    )
    buyer_address: str | None = strawberry.field(default=UNSET, description="Their address, over several lines.")
    buyer_number: str | None = strawberry.field(default=UNSET, description="Their SIREN or VAT number.")
    currency: str | None = strawberry.field(default=None, description="The deal's own, or EUR, if absent.")
    discount_percent: Decimal | None = strawberry.field(default=None, description="Taken off the whole, in percent.")
    discount_amount: Decimal | None = strawberry.field(default=None, description="Taken off the whole, in money.")
    valid_until: date | None = strawberry.field(
        default=None, description="The last day of its validity; by the letterhead's days if absent."
    )


@strawberry.input(description="What to change of a draft; what is absent stays.")
class UpdateQuoteInput(Update):
    """See commands.quotes.drafts.QuoteChange."""

    lines: list[LineInput] | None = strawberry.field(default=None, description="In order, in place of those there.")
    title: str | None = strawberry.field(default=UNSET, description="What it is for; never null.")
    locale: PaperLocale | None = strawberry.field(default=UNSET, description="The language of its paper; never null.")
    introduction: str | None = strawberry.field(default=UNSET, description="What stands above the lines.")
    conditions: str | None = strawberry.field(default=UNSET, description="What stands below the sums.")
    buyer_name: str | None = strawberry.field(default=UNSET, description="Whom it is made out to; never null.")
    buyer_address: str | None = strawberry.field(default=UNSET, description="Their address.")
    buyer_number: str | None = strawberry.field(default=UNSET, description="Their SIREN or VAT number.")
    discount_percent: Decimal | None = strawberry.field(default=UNSET, description="In place of any discount.")
    discount_amount: Decimal | None = strawberry.field(default=UNSET, description="In place of any discount.")
    valid_until: date | None = strawberry.field(default=UNSET, description="The last day of its validity; never null.")


@strawberry.input(description="A quote to revise, to withdraw, or whose acceptance is tried again.")
class QuoteStepInput(Update):
    """See commands.quotes.drafts.QuoteStep."""


@strawberry.input(description="A sent quote that is given more time.")
class ExtendQuoteInput(Update):
    """See commands.quotes.extending.Extension."""

    valid_until: date = strawberry.field(description="The last day of its validity: later than it was, and to come.")


@strawberry.input(description="A draft that goes out.")
class SendQuoteInput(Update):
    """See commands.quotes.sending.Sending."""

    by_email: bool = strawberry.field(
        default=True, description="False numbers it and makes its PDF, for you to bring it yourself."
    )
    recipient_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Contacts it is mailed to; the deal's primary contact and participants if absent."
    )
    words: str = strawberry.field(default="", description="What you write above it in the mail.")


@strawberry.input(description="An answer that came another way than by the page.")
class AnswerQuoteInput(Update):
    """See commands.quotes.answers.Answer."""

    accepted: bool = strawberry.field(description="Yes or no.")
    name: str = strawberry.field(description="Who answered.")
    how: str = strawberry.field(description="How the answer came: signed paper, telephone…")
    reason: str = strawberry.field(default="", description="Why not.")


@strawberry.input(description="A request for a supplier's quote.")
class DraftQuoteRequestInput(Write):
    """See commands.quotes.requests.NewRequest."""

    deal_id: strawberry.ID = strawberry.field(description="The deal it is for.")
    account_id: strawberry.ID | None = strawberry.field(default=None, description="The company that is asked.")
    contact_id: strawberry.ID | None = strawberry.field(default=None, description="The person who is asked.")
    title: str = strawberry.field(description="What is asked for, on one line.")
    description: str = strawberry.field(default="", description="In more words.")
    locale: PaperLocale | None = strawberry.field(default=None, description="The language of its mail.")
    answer_by: date | None = strawberry.field(default=None, description="Until when an answer is hoped for.")


@strawberry.input(description="How a request goes on.")
class StepQuoteRequestInput(Update):
    """See commands.quotes.requests.RequestStep."""

    status: RequestStatus = strawberry.field(description="SENT, DECLINED, RETAINED, DISCARDED or CANCELLED.")
    by_email: bool = strawberry.field(
        default=True, description="With SENT: mail it to the contact, else to the company's interlocutor."
    )
    remark: str = strawberry.field(default="", description="What is to be noted.")


@strawberry.input(description="What a supplier offers.")
class RecordSupplierAnswerInput(Update):
    """See commands.quotes.requests.SupplierAnswer."""

    amount: Decimal = strawberry.field(description="What they ask, without VAT.")
    currency: str = strawberry.field(default="EUR", description="ISO 4217.")
    answered_on: date | None = strawberry.field(default=None, description="When they answered; today if absent.")
    valid_until: date | None = strawberry.field(default=None, description="Until when their offer holds.")
    document: str = strawberry.field(default="", description="Their paper's number, or where it lies.")
    remark: str = strawberry.field(default="", description="What is to be noted.")
