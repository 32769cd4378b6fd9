"""Writes on invoices, credit notes and payments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked, locked_with_its_deal
from services.deals.commands.quotes.drafts import DEFAULT_CURRENCY
from services.deals.commands.quotes.lines import NewLine, lines_of, priced, replace_lines
from services.deals.commands.quotes.papers import next_number
from services.deals.errors import InvoiceNotDraft, InvoiceNotReachable, TooMuchPaid
from services.deals.model import Contract, Deal, Invoice, InvoiceLine, Letterhead, Payment
from services.deals.queries import days
from services.deals.states import billing as states
from services.deals.states.billing import PAYABLE, InvoiceStatus
from services.deals.values.money import shown
from services.deals.values.papers import CREDIT_PREFIX, INVOICE_PREFIX
from services.deals.values.references import Reference
from services.deals.values.totals import NO_DISCOUNT, Discount, minor_unit

DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvoice:
    """A claim to write on a deal; of one of its contracts, if it is."""

    deal: UUID
    lines: tuple[NewLine, ...]
    title: str | None = None
    contract: UUID | None = None
    currency: str | None = None
    discount: Discount = NO_DISCOUNT
    due_on: date | None = None
    references: tuple[Reference, ...] = ()


async def create_invoice(work: UnitOfWork, order: NewInvoice) -> UUID:
    """Draft an invoice. Raises NotFound, InvalidInput."""
    deal = await locked(work, Deal, order.deal, "dealId")
    await _check_contract(work, order.contract, deal.id)
    invoice = Invoice(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        kind="INVOICE",
        deal_id=deal.id,
        account_id=deal.account_id,
        contact_id=deal.primary_contact_id,
        contract_id=order.contract,
        title=order.title or deal.title,
        status=InvoiceStatus.DRAFT.value,
        currency=order.currency or deal.currency or DEFAULT_CURRENCY,
        discount_percent=order.discount.percent,
        discount_amount=order.discount.amount,
        paid=Decimal(),
        due_on=order.due_on,
        created_at=work.now,
        updated_at=work.now,
    )
    await _price(work, invoice, order.lines)
    return invoice.id


async def _check_contract(work: UnitOfWork, contract: UUID | None, deal: UUID) -> None:
    if contract is None:
        return
    if await work.session.scalar(select(Contract.deal_id).where(Contract.id == contract)) != deal:
        raise NotFound("contract", contract, "contractId")


async def _price(work: UnitOfWork, invoice: Invoice, lines: Sequence[NewLine]) -> None:
    taken = Discount(invoice.discount_percent, invoice.discount_amount)
    sums = await priced(work, lines, taken, invoice.currency)
    invoice.net, invoice.vat, invoice.gross = sums.net, sums.vat, sums.gross
    work.session.add(invoice)
    await work.session.flush()
    await replace_lines(work, InvoiceLine, invoice.id, lines, sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceChange:
    """What a draft becomes: columns that the caller gave; lines as a whole, if given."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any] = field(default_factory=dict)
    lines: tuple[NewLine, ...] | None = None
    references: tuple[Reference, ...] = ()


async def update_invoice(work: UnitOfWork, order: InvoiceChange) -> UUID:
    """Change a draft. Raises NotFound, VersionConflict, InvoiceNotDraft, InvalidInput."""
    invoice = await locked_with_its_deal(work, Invoice, order.id, version=order.expected_version)
    if invoice.status != InvoiceStatus.DRAFT:
        raise InvoiceNotDraft(invoice.status)
    if "contract_id" in order.changes:
        await _check_contract(work, order.changes["contract_id"], invoice.deal_id)
    for name, value in order.changes.items():
        setattr(invoice, name, value)
    lines = order.lines if order.lines is not None else await lines_of(work, InvoiceLine, invoice.id)
    invoice.version, invoice.updated_at = invoice.version + 1, work.now
    await _price(work, invoice, lines)
    return invoice.id


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceStep:
    """An invoice to issue, to credit or to give up; the day that it bears, today if none is given."""

    id: UUID
    expected_version: int | None
    on: date | None = None
    due_on: date | None = None
    reason: str | None = None
    references: tuple[Reference, ...] = ()


async def issue_invoice(work: UnitOfWork, order: InvoiceStep) -> UUID:
    """Number a draft; it is owed from here on. Raises NotFound, VersionConflict, InvoiceNotReachable, InvalidInput."""
    invoice = await locked_with_its_deal(work, Invoice, order.id, version=order.expected_version)
    status = states.follow_invoice(InvoiceStatus(invoice.status), states.settled(invoice.gross, invoice.paid))
    if not await lines_of(work, InvoiceLine, invoice.id):
        raise InvalidInput("lines", "An invoice needs a line before it is issued.")
    issued_on = await days.today(work)
    due_on = order.due_on or invoice.due_on or issued_on + timedelta(days=await _payment_days(work))
    if due_on < issued_on:
        raise InvalidInput("dueOn", "It is due on the day it is issued, or later.")
    invoice.number = await next_number(work, INVOICE_PREFIX, issued_on.year)
    invoice.issued_on, invoice.due_on = issued_on, due_on
    _become(work, invoice, status)
    await _tell(work, invoice, "invoice_issued", gross=invoice.gross, currency=invoice.currency, due_on=invoice.due_on)
    return invoice.id


async def _payment_days(work: UnitOfWork) -> int:
    told: int | None = await work.session.scalar(select(Letterhead.payment_days))
    return DEFAULT_DAYS if told is None else told


async def cancel_invoice(work: UnitOfWork, order: InvoiceStep) -> UUID:
    """Give a draft up. Raises NotFound, VersionConflict, InvoiceNotReachable."""
    invoice = await locked_with_its_deal(work, Invoice, order.id, version=order.expected_version)
    _become(work, invoice, InvoiceStatus.CANCELLED)
    return invoice.id


async def credit_invoice(work: UnitOfWork, order: InvoiceStep) -> UUID:
    """Take an issued invoice back by a credit note of the same lines. Gives the note's id.

    Raises NotFound, VersionConflict, InvoiceNotReachable: what was paid must be refunded first.
    """
    invoice = await locked_with_its_deal(work, Invoice, order.id, version=order.expected_version)
    if invoice.kind != "INVOICE":
        raise InvoiceNotReachable("CREDIT_NOTE", InvoiceStatus.CREDITED, [])
    _become(work, invoice, InvoiceStatus.CREDITED)
    today = await days.today(work)
    note = Invoice(
        **{name: getattr(invoice, name) for name in _CREDITED},
        id=new_id(),
        version=1,
        kind="CREDIT_NOTE",
        credits_id=invoice.id,
        number=await next_number(work, CREDIT_PREFIX, today.year),
        status=InvoiceStatus.ISSUED.value,
        paid=Decimal(),
        issued_on=today,
        due_on=today,
        created_at=work.now,
        updated_at=work.now,
    )
    await _price(work, note, await lines_of(work, InvoiceLine, invoice.id))
    await _tell(work, invoice, "invoice_credited", credit_note=note.number, reason=order.reason)
    await close_what_is_over(work, invoice.deal_id)
    return note.id


_CREDITED = (
    *("organization_id", "deal_id", "account_id", "contact_id", "contract_id", "title", "currency"),
    *("discount_percent", "discount_amount"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """Money that came, or that went back."""

    invoice: UUID
    amount: Decimal
    refund: bool
    paid_on: date | None = None
    method: str = ""
    reference: str = ""
    references: tuple[Reference, ...] = ()


async def record_payment(work: UnitOfWork, order: NewPayment) -> UUID:
    """Write down what was paid or refunded. Gives the invoice's id.

    Raises NotFound, InvoiceNotReachable, TooMuchPaid, InvalidInput.
    """
    invoice = await locked_with_its_deal(work, Invoice, order.invoice, "invoiceId")
    status = InvoiceStatus(invoice.status)
    if status not in PAYABLE or invoice.kind != "INVOICE":
        raise InvoiceNotReachable(status, InvoiceStatus.PAID, [])
    amount = order.amount.quantize(minor_unit(invoice.currency))
    most = invoice.paid if order.refund else invoice.gross - invoice.paid
    if amount > most:
        raise TooMuchPaid(shown(most, invoice.currency), invoice.currency)
    signed = -amount if order.refund else amount
    invoice.paid += signed
    after = states.settled(invoice.gross, invoice.paid)
    if after is status:
        invoice.version, invoice.updated_at = invoice.version + 1, work.now
    else:
        _become(work, invoice, after)
    work.session.add(await _payment(work, invoice, order, signed))
    kind = "payment_refunded" if order.refund else "payment_recorded"
    await _tell(work, invoice, kind, amount=amount, currency=invoice.currency, paid=invoice.paid)
    await close_what_is_over(work, invoice.deal_id)
    return invoice.id


async def _payment(work: UnitOfWork, invoice: Invoice, order: NewPayment, signed: Decimal) -> Payment:
    return Payment(
        id=new_id(),
        organization_id=work.organization,
        invoice_id=invoice.id,
        amount=signed,
        paid_on=order.paid_on or await days.today(work),
        method=order.method,
        reference=order.reference,
        recorded_by_id=work.actor.collaborator,
        created_at=work.now,
    )


def _become(work: UnitOfWork, invoice: Invoice, status: InvoiceStatus) -> None:
    invoice.status = states.follow_invoice(InvoiceStatus(invoice.status), status).value
    invoice.version, invoice.updated_at = invoice.version + 1, work.now


async def _tell(work: UnitOfWork, invoice: Invoice, kind: str, **changes: Any) -> None:
    subject = await subject_of(work, invoice.deal_id, None)
    told = {"invoice_id": invoice.id, "number": invoice.number, **changes}
    await record(work, kind, subject, {name: (None, value) for name, value in told.items() if value is not None})
