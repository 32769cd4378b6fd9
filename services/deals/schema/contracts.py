"""Contracts, invoices, payments, and what an account or contact comes to."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.identifiers import format_id, parse_id
from services.deals.queries import batches
from services.deals.queries.days import day_of
from services.deals.schema.products import LineType
from services.deals.schema.quote_enums import KEPT, ContractStatus, InvoiceStatus
from services.deals.schema.stubs import Account, Collaborator, Contact
from services.deals.states.billing import OWED
from services.deals.values.money import shown
from services.deals.values.retention import kept_until
from services.deals.values.terms import Period, Renewal

if TYPE_CHECKING:
    from services.deals.schema.deals import DealType
    from services.deals.schema.quotes import QuoteType

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
Quote = Annotated["QuoteType", strawberry.lazy("services.deals.schema.quotes")]

described(
    Period,
    "What a contract's amount is for.",
    name="ContractPeriod",
    ONCE="The whole contract.",
    MONTH="A month.",
    QUARTER="Three months.",
    YEAR="A year.",
)
described(
    Renewal,
    "What becomes of a contract at the end of its term.",
    name="ContractRenewal",
    NONE="It ends.",
    TACIT="It goes on for renewalMonths unless notice was given.",
    EXPRESS="It ends unless both sides agree to go on.",
)


@strawberry.federation.type(name="Contract", keys=["id"], description="What was agreed on a deal.")
class ContractType:
    """See model.Contract."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `contract_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    title: str = strawberry.field(description="What it is about.")
    reference: str = strawberry.field(description="Your own number of it, or where it lies.")
    status: ContractStatus = strawberry.field(description="Where it is in its life.")
    amount: Decimal = strawberry.field(description="Without VAT, for one period.")
    currency: str = strawberry.field(description="ISO 4217.")
    period: Period = strawberry.field(description="What the amount is for.")
    value: Decimal = strawberry.field(description="What the present term is worth; a year where there is no end.")
    starts_on: date | None = strawberry.field(description="The first day of the present term.")
    ends_on: date | None = strawberry.field(description="The last day of the present term; null without an end.")
    renewal: Renewal = strawberry.field(description="What becomes of it then.")
    renewal_months: int | None = strawberry.field(description="For how many months it goes on.")
    notice_months: int = strawberry.field(description="Months of notice.")
    notice_days: int = strawberry.field(description="Days of notice, beside the months.")
    notice_on: date | None = strawberry.field(description="The last day on which notice can be given for this term.")
    indexation: str = strawberry.field(description="How the amount follows an index, in words.")
    indexation_percent: Decimal | None = strawberry.field(description="By how much the amount grows each year.")
    indexed_on: date | None = strawberry.field(description="When the next value applies.")
    next_amount: Decimal | None = strawberry.field(description="The next value, where it is known already.")
    ending_reason: str | None = strawberry.field(description="Why it was terminated, or given up.")
    created_at: datetime = strawberry.field(description="When it was drafted.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("contract", row.id)),
            status=ContractStatus(row.status),
            period=Period(row.period),
            renewal=Renewal(row.renewal),
            amount=shown(row.amount, row.currency),
            value=shown(row.value, row.currency),
            next_amount=None if row.next_amount is None else shown(row.next_amount, row.currency),
            **{name: getattr(row, name) for name in _PLAIN_OF_CONTRACT},
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The contract of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.contracts, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("contract", id))

    @strawberry.field(description="The deal it is on.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The quote whose acceptance drafted it.")
    async def quote(self, info: Info) -> Quote | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.quotes import QuoteType

        return await QuoteType.load(info, self.row.quote_id)

    @strawberry.field(description="The company it is with.")
    def account(self) -> Account | None:
        """A stub."""
        return Account.of(self.row.account_id)

    @strawberry.field(description="The person it is with.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)


_PLAIN_OF_CONTRACT = (
    *("version", "title", "reference", "currency", "starts_on", "ends_on", "renewal_months", "notice_months"),
    *("notice_days", "notice_on", "indexation", "indexation_percent", "indexed_on", "ending_reason"),
    *("created_at", "updated_at"),
)


@strawberry.type(name="Payment", description="Money that came, or went back.")
class PaymentType:
    """See model.Payment."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `payment_…`.")
    amount: Decimal = strawberry.field(description="What came; negative where it went back.")
    paid_on: date = strawberry.field(description="When.")
    method: str = strawberry.field(description="How: transfer, card, cheque…")
    reference: str = strawberry.field(description="As the bank names it.")
    created_at: datetime = strawberry.field(description="When it was written down.")

    @classmethod
    def of(cls, row: Row[Any], currency: str) -> Self:
        """The value of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("payment", row.id)),
            amount=shown(row.amount, currency),
            paid_on=row.paid_on,
            method=row.method,
            reference=row.reference,
            created_at=row.created_at,
        )

    @strawberry.field(description="Who wrote it down.")
    def recorded_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.recorded_by_id)


@strawberry.federation.type(name="Invoice", keys=["id"], description="A claim on a deal, or its credit note.")
class InvoiceType:
    """See model.Invoice."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `invoice_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    credit_note: bool = strawberry.field(description="Whether it takes another invoice back.")
    number: str | None = strawberry.field(description="Given when it is issued, without gaps in a year.")
    title: str = strawberry.field(description="What it is for.")
    status: InvoiceStatus = strawberry.field(description="Where it is in its life.")
    currency: str = strawberry.field(description="ISO 4217.")
    discount_percent: Decimal | None = strawberry.field(description="What is taken off the whole, in percent.")
    discount_amount: Decimal | None = strawberry.field(description="What is taken off the whole, in money.")
    net: Decimal = strawberry.field(description="What it comes to without VAT.")
    vat: Decimal = strawberry.field(description="The VAT of all rates.")
    gross: Decimal = strawberry.field(description="What it comes to.")
    paid: Decimal = strawberry.field(description="What was paid of it, refunds taken off.")
    balance: Decimal = strawberry.field(description="What is still owed; nothing of a draft, or of one taken back.")
    issued_on: date | None = strawberry.field(description="The day it bears.")
    due_on: date | None = strawberry.field(description="When it is to be paid.")
    created_at: datetime = strawberry.field(description="When it was drafted.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        owed = InvoiceStatus(row.status) in OWED and row.kind == "INVOICE"
        money: dict[str, Any] = {
            name: shown(getattr(row, name), row.currency) for name in ("net", "vat", "gross", "paid")
        }
        return cls(
            row=row,
            id=strawberry.ID(format_id("invoice", row.id)),
            credit_note=row.kind == "CREDIT_NOTE",
            status=InvoiceStatus(row.status),
            discount_amount=None if row.discount_amount is None else shown(row.discount_amount, row.currency),
            balance=shown(row.gross - row.paid if owed else Decimal(), row.currency),
            **money,
            **{name: getattr(row, name) for name in _PLAIN_OF_INVOICE},
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The invoice of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.invoices, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("invoice", id))

    @strawberry.field(description=KEPT)
    def kept_until(self) -> date | None:
        """See values.retention."""
        return kept_until(self.issued_on)

    @strawberry.field(description="Whether its due date is over where you are, and something is owed.")
    async def overdue(self, info: Info) -> bool:
        """The organization's day is read once for an answer."""
        if not self.balance or self.due_on is None:
            return False
        zone = await info.context.load(batches.organizations, info.context.actor.organization)
        today = day_of(info.context.database.clock(), zone and zone.time_zone)
        return self.due_on < today

    @strawberry.field(description="Its lines, in order.")
    async def lines(self, info: Info) -> list[LineType]:
        """One statement for all the invoices of an answer."""
        rows = await info.context.load(batches.lines_of_invoice, self.row.id)
        return [LineType.of(row, self.currency) for row in rows]

    @strawberry.field(description="What was paid and refunded, in order.")
    async def payments(self, info: Info) -> list[PaymentType]:
        """One statement for all the invoices of an answer."""
        rows = await info.context.load(batches.payments_of_invoice, self.row.id)
        return [PaymentType.of(row, self.currency) for row in rows]

    @strawberry.field(description="The deal it is on.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The contract it is of, if it is of one.")
    async def contract(self, info: Info) -> ContractType | None:
        """Loaded with the others of the answer."""
        return await ContractType.load(info, self.row.contract_id)

    @strawberry.field(description="The invoice that this credit note takes back.")
    async def credits(self, info: Info) -> "InvoiceType | None":
        """Loaded with the others of the answer."""
        return await InvoiceType.load(info, self.row.credits_id)

    @strawberry.field(description="The company that owes it.")
    def account(self) -> Account | None:
        """A stub."""
        return Account.of(self.row.account_id)

    @strawberry.field(description="The person it is for.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)


_PLAIN_OF_INVOICE = (
    *("version", "number", "title", "currency", "discount_percent", "issued_on", "due_on"),
    *("created_at", "updated_at"),
)


@strawberry.type(name="Billing", description="What contracts and invoices come to, in one currency.")
class BillingType:
    """See queries.billing."""

    currency: str = strawberry.field(description="ISO 4217.")
    contracted: Decimal = strawberry.field(description="What contracts in force are worth in their present term.")
    invoiced: Decimal = strawberry.field(description="What was invoiced with VAT, credit notes taken off.")
    paid: Decimal = strawberry.field(description="What was paid, refunds taken off.")
    outstanding: Decimal = strawberry.field(description="What is still owed.")
    overdue: Decimal = strawberry.field(description="What of it should have been paid by now.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """The value of a row."""
        names = ("contracted", "invoiced", "paid", "outstanding", "overdue")
        return cls(currency=row.currency, **{name: shown(getattr(row, name), row.currency) for name in names})
