"""Writing quotes, answers and requests for quotes."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands.quotes import acceptance, answers, drafts, extending, requests, sending
from services.deals.schema.line_inputs import MOST_OF_A_REASON, currency_of, discount_of, lines, reason_of
from services.deals.schema.quote_enums import RequestStatus
from services.deals.schema.quote_inputs import (
    MOST_OF_A_NOTE,
    MOST_OF_AN_ADDRESS,
    AnswerQuoteInput,
    DraftQuoteInput,
    DraftQuoteRequestInput,
    ExtendQuoteInput,
    QuoteStepInput,
    RecordSupplierAnswerInput,
    SendQuoteInput,
    StepQuoteRequestInput,
    UpdateQuoteInput,
)
from services.deals.schema.quotes import QuoteRequestType, QuoteType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, given, written
from services.deals.values import totals
from services.deals.values.money import money
from services.deals.values.references import ids, optional_id

QuoteResult = Annotated[
    QuoteType | CommonErrors, strawberry.union("QuoteResult", description="The quote, or why nothing was written.")
]
QuoteRequestResult = Annotated[
    QuoteRequestType | CommonErrors,
    strawberry.union("QuoteRequestResult", description="The request, or why nothing was written."),
]


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
        description="Give a sent quote more time: it can be accepted for longer, by the links that were sent too.",
        extensions=writing(),
    )
    async def extend_quote(self, info: Info, input: Annotated[ExtendQuoteInput, GIVEN]) -> QuoteResult:
        """See commands.quotes.extending.extend_quote."""
        order = extending.Extension(
            id=parse_id("quote", input.id), valid_until=input.valid_until, expected_version=input.expected_version
        )
        return await written(info, input, extending.extend_quote, order, QuoteType)

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
