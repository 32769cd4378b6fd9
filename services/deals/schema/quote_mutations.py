"""Writing quotes, answers and requests for quotes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands.quotes import acceptance, answers, drafts, requests, sending
from services.deals.schema.line_inputs import MOST_OF_A_REASON, LineInput, currency_of, discount_of, lines, reason_of
from services.deals.schema.quote_enums import PaperLocale, RequestStatus
from services.deals.schema.quotes import QuoteRequestType, QuoteType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import totals
from services.deals.values.money import money
from services.deals.values.references import ids, optional_id

MOST_OF_A_NOTE = 5_000
MOST_OF_AN_ADDRESS = 500


QuoteResult = Annotated[
    QuoteType | CommonErrors, strawberry.union("QuoteResult", description="The quote, or why nothing was written.")
]
QuoteRequestResult = Annotated[
    QuoteRequestType | CommonErrors,
    strawberry.union("QuoteRequestResult", description="The request, or why nothing was written."),
]


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


_NOTES = {"introduction": MOST_OF_A_NOTE, "conditions": MOST_OF_A_NOTE, "buyer_address": MOST_OF_AN_ADDRESS}
_FIELDS = {
    "title": "title",
    "introduction": "introduction",
    "conditions": "conditions",
    "buyer_name": "buyerName",
    "buyer_address": "buyerAddress",
    "buyer_number": "buyerNumber",
}


def _words(input: Any) -> dict[str, str]:
    """What was given of a quote's words. Raises InvalidInput."""
    told = given(**{name: getattr(input, name) for name in _FIELDS})
    words = {name: _word(name, value) for name, value in told.items()}
    if input.locale is not UNSET and input.locale is not None:
        words["locale"] = input.locale.value
    return words


def _word(name: str, value: str | None) -> str:
    field = _FIELDS[name]
    if name in _NOTES:
        return text.optional_note(value, field, most=_NOTES[name]) or ""
    return (text.optional_line(value, field) or "") if name == "buyer_number" else text.line(value or "", field)


async def _new_quote(info: Info, input: DraftQuoteInput) -> drafts.NewQuote:
    words, currency = _words(input), currency_of(input.currency)
    given_lines = input.lines
    return drafts.NewQuote(
        deal=parse_id("deal", input.deal_id, "dealId"),
        lines=None if given_lines is None else await lines(info, given_lines, words.get("locale", "fr"), currency),
        discount=discount_of(input.discount_percent, input.discount_amount, currency),
        currency=currency,
        valid_until=input.valid_until,
        words=words,
    )


async def _change(info: Info, input: UpdateQuoteInput) -> drafts.QuoteChange:
    id = parse_id("quote", input.id)
    now = await QuoteType.load(info, id)
    currency, locale = (now.currency, now.locale.value) if now else (None, "fr")
    changes: dict[str, Any] = _words(input)
    if input.discount_percent is not UNSET or input.discount_amount is not UNSET:
        taken = discount_of(input.discount_percent, input.discount_amount, currency)
        changes |= {"discount_percent": taken.percent, "discount_amount": taken.amount}
    if input.valid_until is not UNSET:
        if input.valid_until is None:
            raise InvalidInput("validUntil", "It must not be null.")
        changes["valid_until"] = input.valid_until
    new_lines = None if input.lines is None else await lines(info, input.lines, locale, currency)
    return drafts.QuoteChange(id=id, expected_version=input.expected_version, changes=changes, lines=new_lines)


def _step(input: QuoteStepInput) -> drafts.QuoteStep:
    return drafts.QuoteStep(id=parse_id("quote", input.id), expected_version=input.expected_version)


def _answer(input: AnswerQuoteInput) -> answers.Answer:
    signature = answers.Signature(name=text.line(input.name, "name"), consent=text.line(input.how, "how"))
    return answers.Answer(
        id=parse_id("quote", input.id),
        accepted=input.accepted,
        signature=signature,
        reason=reason_of(input.reason) or "",
        expected_version=input.expected_version,
    )


def _supplier_answer(input: RecordSupplierAnswerInput) -> requests.SupplierAnswer:
    told = money(input.amount, totals.currency(input.currency))
    assert told is not None, "both were given"  # noqa: S101
    return requests.SupplierAnswer(
        id=parse_id("quote_request", input.id),
        expected_version=input.expected_version,
        money=told,
        answered_on=input.answered_on,
        valid_until=input.valid_until,
        document=text.optional_line(input.document, "document") or "",
        remark=text.optional_note(input.remark, "remark", most=MOST_OF_A_REASON) or "",
    )


def _request_step(input: StepQuoteRequestInput) -> requests.RequestStep:
    if input.status in {RequestStatus.ANSWERED, RequestStatus.DRAFT}:
        raise InvalidInput("status", "An answer is recorded by recordSupplierAnswer, and a draft is where it begins.")
    return requests.RequestStep(
        id=parse_id("quote_request", input.id),
        expected_version=input.expected_version,
        status=input.status,
        by_email=input.by_email,
        remark=text.optional_note(input.remark, "remark", most=MOST_OF_A_REASON) or "",
    )


@strawberry.type
class QuoteMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Draft an offer on a deal.", extensions=writing())
    async def draft_quote(self, info: Info, input: Annotated[DraftQuoteInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.drafts.draft_quote."""
        return await written(info, input, drafts.draft_quote, await _new_quote(info, input), QuoteType)

    @strawberry.mutation(description="Change a draft.", extensions=writing())
    async def update_quote(self, info: Info, input: Annotated[UpdateQuoteInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.drafts.update_quote."""
        return await written(info, input, drafts.update_quote, await _change(info, input), QuoteType)

    @strawberry.mutation(
        description="Draft the next version of a sent, refused or expired quote; gives the draft.",
        extensions=writing(),
    )
    async def revise_quote(self, info: Info, input: Annotated[QuoteStepInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.drafts.revise_quote."""
        return await written(info, input, drafts.revise_quote, _step(input), QuoteType)

    @strawberry.mutation(description="Take a draft or a sent quote back.", extensions=writing())
    async def withdraw_quote(self, info: Info, input: Annotated[QuoteStepInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.drafts.withdraw_quote."""
        return await written(info, input, drafts.withdraw_quote, _step(input), QuoteType)

    @strawberry.mutation(
        description="Send a draft: it gets its number and its PDF, and supersedes the version before it.",
        extensions=writing(),
    )
    async def send_quote(self, info: Info, input: Annotated[SendQuoteInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.sending.send_quote."""
        order = sending.Sending(
            id=parse_id("quote", input.id),
            expected_version=input.expected_version,
            by_email=input.by_email,
            recipients=None if input.recipient_ids is None else ids("contact", input.recipient_ids, "recipientIds"),
            words=text.optional_note(input.words, "words", most=MOST_OF_A_NOTE) or "",
        )
        return await written(info, input, sending.sender_of(info.context.tools.office), order, QuoteType)

    @strawberry.mutation(
        description="Write down an answer that came another way than by the page.", extensions=writing()
    )
    async def answer_quote(self, info: Info, input: Annotated[AnswerQuoteInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.answers.answer_quote."""
        return await written(info, input, answers.answer_quote, _answer(input), QuoteType)

    @strawberry.mutation(
        description="Try an acceptance again that was taken back, once its reason is mended.", extensions=writing()
    )
    async def retry_quote_acceptance(self, info: Info, input: Annotated[QuoteStepInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.acceptance.retry_acceptance."""
        order = acceptance.Retry(id=parse_id("quote", input.id), expected_version=input.expected_version)
        return await written(info, input, acceptance.retry_acceptance, order, QuoteType)

    @strawberry.mutation(description="Prepare a request for a supplier's quote.", extensions=writing())
    async def draft_quote_request(
        self, info: Info, input: Annotated[DraftQuoteRequestInput, GIVEN]
    ) -> QuoteRequestResult:
        """See commands.quotes.requests.draft_request."""
        order = requests.NewRequest(
            deal=parse_id("deal", input.deal_id, "dealId"),
            account=optional_id("account", input.account_id, "accountId"),
            contact=optional_id("contact", input.contact_id, "contactId"),
            title=text.line(input.title, "title"),
            description=text.optional_note(input.description, "description", most=MOST_OF_A_NOTE) or "",
            locale=input.locale.value if input.locale else None,
            answer_by=input.answer_by,
        )
        return await written(info, input, requests.draft_request, order, QuoteRequestType)

    @strawberry.mutation(description="Send a request, or say how it ended.", extensions=writing())
    async def step_quote_request(
        self, info: Info, input: Annotated[StepQuoteRequestInput, GIVEN]
    ) -> QuoteRequestResult:
        """See commands.quotes.requests.step_request."""
        return await written(info, input, requests.step_request, _request_step(input), QuoteRequestType)

    @strawberry.mutation(description="Write down what a supplier offers.", extensions=writing())
    async def record_supplier_answer(
        self, info: Info, input: Annotated[RecordSupplierAnswerInput, GIVEN]
    ) -> QuoteRequestResult:
        """See commands.quotes.requests.record_supplier_answer."""
        return await written(info, input, requests.record_supplier_answer, _supplier_answer(input), QuoteRequestType)

    draft_quotes = batch_of(draft_quote, "draft_quotes", "Draft offers.")
    draft_quote_requests = batch_of(
        draft_quote_request, "draft_quote_requests", "Ask several suppliers: prepare a request to each."
    )
