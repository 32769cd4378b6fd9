"""Writing invoices and payments."""

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
from services.deals.commands.billing import invoices
from services.deals.schema.contracts import InvoiceType
from services.deals.schema.line_inputs import LineInput, currency_of, discount_of, lines, reason_of
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, written
from services.deals.values.money import money
from services.deals.values.references import optional_id

InvoiceResult = Annotated[
    InvoiceType | CommonErrors,
    strawberry.union("InvoiceResult", description="The invoice, or why nothing was written."),
]


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
class InvoiceMutation:
    """Part of the root of writing."""

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

    create_invoices = batch_of(create_invoice, "create_invoices", "Draft invoices.")
    issue_invoices = batch_of(issue_invoice, "issue_invoices", "Number drafts, in this order.")
    record_payments = batch_of(
        record_payment, "record_payments", "Write down payments, as a bank's statement tells them."
    )


def _end(input: EndInvoiceInput) -> invoices.InvoiceStep:
    return invoices.InvoiceStep(
        id=parse_id("invoice", input.id), expected_version=input.expected_version, reason=reason_of(input.reason)
    )
