"""Writing contracts, invoices and payments."""

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
from services.deals.commands.billing import contracts, invoices
from services.deals.schema.contracts import ContractType, InvoiceType
from services.deals.schema.line_inputs import LineInput, currency_of, discount_of, lines
from services.deals.schema.quote_enums import ContractStatus
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import totals
from services.deals.values.money import money
from services.deals.values.references import optional_id
from services.deals.values.terms import Period, Renewal

MOST_OF_A_REASON = 1_000
ContractResult = Annotated[
    ContractType | CommonErrors,
    strawberry.union("ContractResult", description="The contract, or why nothing was written."),
]
InvoiceResult = Annotated[
    InvoiceType | CommonErrors,
    strawberry.union("InvoiceResult", description="The invoice, or why nothing was written."),
]


@strawberry.input(description="A contract to write down on a deal.")
class CreateContractInput(Write):
    """See commands.billing.contracts.NewContract."""

    deal_id: strawberry.ID = strawberry.field(description="The deal it is on; its parties are the deal's.")
    title: str = strawberry.field(description="What it is about, on one line.")
    reference: str = strawberry.field(default="", description="Your own number of it, or where it lies.")
    amount: Decimal = strawberry.field(description="Without VAT, for one period.")
    currency: str = strawberry.field(default="EUR", description="ISO 4217.")
    period: Period = strawberry.field(default=Period.ONCE, description="What the amount is for.")
    starts_on: date | None = strawberry.field(default=None, description="Its first day.")
    ends_on: date | None = strawberry.field(default=None, description="Its last day; null without an end.")
    renewal: Renewal = strawberry.field(default=Renewal.NONE, description="What becomes of it then.")
    renewal_months: int | None = strawberry.field(default=None, description="For how many months it goes on.")
    notice_months: int = strawberry.field(default=0, description="Months of notice.")
    notice_days: int = strawberry.field(default=0, description="Days of notice, beside the months.")
    indexation: str = strawberry.field(default="", description="How the amount follows an index, in words.")
    indexation_percent: Decimal | None = strawberry.field(
        default=None, description="By how much the amount grows each year, in percent."
    )
    indexed_on: date | None = strawberry.field(default=None, description="When the next value applies.")
    next_amount: Decimal | None = strawberry.field(default=None, description="The next value; it wins over percent.")


@strawberry.input(description="What to change of a draft or of a contract in force; what is absent stays.")
class UpdateContractInput(Update):
    """See commands.billing.contracts.ContractChange."""

    title: str | None = strawberry.field(default=UNSET, description="What it is about; never null.")
    reference: str | None = strawberry.field(default=UNSET, description="Your own number of it.")
    amount: Decimal | None = strawberry.field(default=UNSET, description="For one period; never null.")
    period: Period | None = strawberry.field(default=UNSET, description="What the amount is for; never null.")
    starts_on: date | None = strawberry.field(default=UNSET, description="The first day of the term.")
    ends_on: date | None = strawberry.field(default=UNSET, description="The last day of the term.")
    renewal: Renewal | None = strawberry.field(default=UNSET, description="What becomes of it then; never null.")
    renewal_months: int | None = strawberry.field(default=UNSET, description="For how many months it goes on.")
    notice_months: int | None = strawberry.field(default=UNSET, description="Months of notice; never null.")
    notice_days: int | None = strawberry.field(default=UNSET, description="Days of notice; never null.")
    indexation: str | None = strawberry.field(default=UNSET, description="How the amount follows an index.")
    indexation_percent: Decimal | None = strawberry.field(default=UNSET, description="Its growth each year.")
    indexed_on: date | None = strawberry.field(default=UNSET, description="When the next value applies.")
    next_amount: Decimal | None = strawberry.field(default=UNSET, description="The next value.")


@strawberry.input(description="How a contract goes on.")
class ChangeContractStatusInput(Update):
    """See commands.billing.contracts.ContractStep."""

    status: ContractStatus = strawberry.field(description="ACTIVE, ENDED, TERMINATED or CANCELLED.")
    reason: str | None = strawberry.field(default=None, description="Why it ends.")


@strawberry.input(description="An invoice to draft on a deal.")
class CreateInvoiceInput(Write):
    """See commands.billing.invoices.NewInvoice."""

    deal_id: strawberry.ID = strawberry.field(description="The deal it is on; who owes it are the deal's parties.")
    contract_id: strawberry.ID | None = strawberry.field(default=None, description="The deal's contract it is of.")
    title: str | None = strawberry.field(default=None, description="What it is for; the deal's title if absent.")
    lines: list[LineInput] = strawberry.field(description="In order, at most 200; one line for a total alone.")
    currency: str | None = strawberry.field(default=None, description="The deal's own, or EUR, if absent.")
    discount_percent: Decimal | None = strawberry.field(default=None, description="Taken off the whole, in percent.")
    discount_amount: Decimal | None = strawberry.field(default=None, description="Taken off the whole, in money.")
    due_on: date | None = strawberry.field(default=None, description="By the letterhead's days when issued, if absent.")


@strawberry.input(description="What to change of a draft; what is absent stays.")
class UpdateInvoiceInput(Update):
    """See commands.billing.invoices.InvoiceChange."""

    title: str | None = strawberry.field(default=UNSET, description="What it is for; never null.")
    contract_id: strawberry.ID | None = strawberry.field(default=UNSET, description="The deal's contract it is of.")
    lines: list[LineInput] | None = strawberry.field(default=None, description="In order, in place of those there.")
    discount_percent: Decimal | None = strawberry.field(default=UNSET, description="In place of any discount.")
    discount_amount: Decimal | None = strawberry.field(default=UNSET, description="In place of any discount.")
    due_on: date | None = strawberry.field(default=UNSET, description="When it is to be paid.")


@strawberry.input(description="A draft to issue.")
class IssueInvoiceInput(Update):
    """See commands.billing.invoices.InvoiceStep."""

    due_on: date | None = strawberry.field(default=None, description="When it is to be paid.")


@strawberry.input(description="An invoice to credit, or a draft to give up.")
class EndInvoiceInput(Update):
    """See commands.billing.invoices.InvoiceStep."""

    reason: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(description="Money that came, or went back.")
class RecordPaymentInput(Write):
    """See commands.billing.invoices.NewPayment."""

    invoice_id: strawberry.ID = strawberry.field(description="What it pays.")
    amount: Decimal = strawberry.field(description="Above zero, at most what is owed; at most what was paid, back.")
    refund: bool = strawberry.field(default=False, description="Whether it went back.")
    paid_on: date | None = strawberry.field(default=None, description="When; today if absent.")
    method: str = strawberry.field(default="", description="How: transfer, card, cheque…")
    reference: str = strawberry.field(default="", description="As the bank names it.")


_NEVER_NULL = {
    "title": "title",
    "amount": "amount",
    "period": "period",
    "renewal": "renewal",
    "notice_months": "noticeMonths",
    "notice_days": "noticeDays",
}


def _contract_values(input: Any, currency: str) -> dict[str, Any]:
    """Parsed values of what was given of a contract. Raises InvalidInput."""
    names = [name for name in _CONTRACT if hasattr(input, name)]
    told = given(**{name: getattr(input, name) for name in names})
    for name, field in _NEVER_NULL.items():
        if name in told and told[name] is None:
            raise InvalidInput(field, "It must not be null.")
    return {name: _contract_value(name, value, currency) for name, value in told.items()}


_CONTRACT = (
    *("title", "reference", "amount", "period", "starts_on", "ends_on", "renewal", "renewal_months"),
    *("notice_months", "notice_days", "indexation", "indexation_percent", "indexed_on", "next_amount"),
)


def _contract_value(name: str, value: Any, currency: str) -> Any:
    match name:
        case "title":
            return text.line(value, name)
        case "reference" | "indexation":
            return text.optional_line(value, name) or ""
        case "amount" | "next_amount" if value is not None:
            told = money(value, currency)
            return told.amount if told else None
        case "indexation_percent" if value is not None:
            return totals.rate(value, "indexationPercent")
        case "period" | "renewal":
            return value.value
    return value


def _reason(value: str | None) -> str | None:
    return text.optional_note(value, "reason", most=MOST_OF_A_REASON)


async def _invoice_change(info: Info, input: UpdateInvoiceInput) -> invoices.InvoiceChange:
    id = parse_id("invoice", input.id)
    now = await InvoiceType.load(info, id)
    currency = now.currency if now else None
    changes: dict[str, Any] = {}
    if input.title is not UNSET:
        changes["title"] = text.line(input.title or "", "title")
    if input.contract_id is not UNSET:
        changes["contract_id"] = optional_id("contract", input.contract_id, "contractId")
    if input.discount_percent is not UNSET or input.discount_amount is not UNSET:
        taken = discount_of(input.discount_percent, input.discount_amount, currency)
        changes |= {"discount_percent": taken.percent, "discount_amount": taken.amount}
    if input.due_on is not UNSET:
        changes["due_on"] = input.due_on
    new_lines = None if input.lines is None else await lines(info, input.lines, "fr", currency)
    return invoices.InvoiceChange(id=id, expected_version=input.expected_version, changes=changes, lines=new_lines)


async def _payment(info: Info, input: RecordPaymentInput) -> invoices.NewPayment:
    id = parse_id("invoice", input.invoice_id, "invoiceId")
    now = await InvoiceType.load(info, id)
    told = money(input.amount, now.currency if now else "EUR")
    if told is None or told.amount == 0:
        raise InvalidInput("amount", "Give an amount above zero.")
    return invoices.NewPayment(
        invoice=id,
        amount=told.amount,
        refund=input.refund,
        paid_on=input.paid_on,
        method=text.optional_line(input.method, "method") or "",
        reference=text.optional_line(input.reference, "reference") or "",
    )


@strawberry.type
class BillingMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Draft a contract on a deal.", extensions=writing())
    async def create_contract(self, info: Info, input: Annotated[CreateContractInput, GIVEN]) -> ContractResult:
        """See commands.billing.contracts.create_contract."""
        currency = totals.currency(input.currency)
        values = {**_contract_values(input, currency), "currency": currency}
        order = contracts.NewContract(deal=parse_id("deal", input.deal_id, "dealId"), values=values)
        return await written(info, input, contracts.create_contract, order, ContractType)

    @strawberry.mutation(description="Change a draft, or amend a contract in force.", extensions=writing())
    async def update_contract(self, info: Info, input: Annotated[UpdateContractInput, GIVEN]) -> ContractResult:
        """See commands.billing.contracts.update_contract."""
        id = parse_id("contract", input.id)
        now = await ContractType.load(info, id)
        changes = _contract_values(input, now.currency if now else "EUR")
        order = contracts.ContractChange(id=id, expected_version=input.expected_version, changes=changes)
        return await written(info, input, contracts.update_contract, order, ContractType)

    @strawberry.mutation(
        description="A contract comes into force, ends, is terminated or given up.", extensions=writing()
    )
    async def change_contract_status(
        self, info: Info, input: Annotated[ChangeContractStatusInput, GIVEN]
    ) -> ContractResult:
        """See commands.billing.contracts.change_contract_status."""
        order = contracts.ContractStep(
            id=parse_id("contract", input.id),
            expected_version=input.expected_version,
            status=input.status,
            reason=_reason(input.reason),
        )
        return await written(info, input, contracts.change_contract_status, order, ContractType)

    @strawberry.mutation(description="Draft an invoice on a deal.", extensions=writing())
    async def create_invoice(self, info: Info, input: Annotated[CreateInvoiceInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.create_invoice."""
        currency = currency_of(input.currency)
        order = invoices.NewInvoice(
            deal=parse_id("deal", input.deal_id, "dealId"),
            contract=optional_id("contract", input.contract_id, "contractId"),
            title=text.optional_line(input.title, "title"),
            lines=await lines(info, input.lines, "fr", currency),
            currency=currency,
            discount=discount_of(input.discount_percent, input.discount_amount, currency),
            due_on=input.due_on,
        )
        return await written(info, input, invoices.create_invoice, order, InvoiceType)

    @strawberry.mutation(description="Change a draft.", extensions=writing())
    async def update_invoice(self, info: Info, input: Annotated[UpdateInvoiceInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.update_invoice."""
        return await written(info, input, invoices.update_invoice, await _invoice_change(info, input), InvoiceType)

    @strawberry.mutation(description="Number a draft: it is owed from here on, and never edited.", extensions=writing())
    async def issue_invoice(self, info: Info, input: Annotated[IssueInvoiceInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.issue_invoice."""
        order = invoices.InvoiceStep(
            id=parse_id("invoice", input.id), expected_version=input.expected_version, due_on=input.due_on
        )
        return await written(info, input, invoices.issue_invoice, order, InvoiceType)

    @strawberry.mutation(
        description="Take an issued invoice back by a credit note, which it gives; refund what was paid first.",
        extensions=writing(),
    )
    async def credit_invoice(self, info: Info, input: Annotated[EndInvoiceInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.credit_invoice."""
        return await written(info, input, invoices.credit_invoice, _end(input), InvoiceType)

    @strawberry.mutation(description="Give a draft up.", extensions=writing())
    async def cancel_invoice(self, info: Info, input: Annotated[EndInvoiceInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.cancel_invoice."""
        return await written(info, input, invoices.cancel_invoice, _end(input), InvoiceType)

    @strawberry.mutation(description="Write down what was paid or refunded; gives the invoice.", extensions=writing())
    async def record_payment(self, info: Info, input: Annotated[RecordPaymentInput, GIVEN]) -> InvoiceResult:
        """See commands.billing.invoices.record_payment."""
        return await written(info, input, invoices.record_payment, await _payment(info, input), InvoiceType)

    create_contracts = batch_of(create_contract, "create_contracts", "Draft contracts.")
    create_invoices = batch_of(create_invoice, "create_invoices", "Draft invoices.")
    issue_invoices = batch_of(issue_invoice, "issue_invoices", "Number drafts, in this order.")
    record_payments = batch_of(
        record_payment, "record_payments", "Write down payments, as a bank's statement tells them."
    )


def _end(input: EndInvoiceInput) -> invoices.InvoiceStep:
    return invoices.InvoiceStep(
        id=parse_id("invoice", input.id), expected_version=input.expected_version, reason=_reason(input.reason)
    )
