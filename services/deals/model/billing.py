"""Contracts, invoices and what was paid; requests for quotes sent to suppliers."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, PrimaryKeyConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String, within
from services.deals.model.lines import AMOUNT, RATE, PricedLine


class Contract(Base):
    """What was agreed: amount by period, term, renewal, notice, indexation. Its parties are its deal's, as signed."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("status IN ('DRAFT', 'ACTIVE', 'ENDED', 'TERMINATED', 'CANCELLED')", name="contract_status"),
        CheckConstraint("period IN ('ONCE', 'MONTH', 'QUARTER', 'YEAR')", name="contract_period"),
        CheckConstraint("renewal IN ('NONE', 'TACIT', 'EXPRESS')", name="contract_renewal"),
        CheckConstraint("ends_on >= starts_on", name="contract_term"),
        CheckConstraint(
            "(renewal = 'NONE') OR (renewal_months IS NOT NULL AND ends_on IS NOT NULL)", name="contract_renewable"
        ),
        CheckConstraint(
            "status NOT IN ('ACTIVE', 'ENDED', 'TERMINATED') OR starts_on IS NOT NULL", name="contract_started"
        ),
        within("deal_id", "deal"),
        within("quote_id", "quote"),
        UniqueConstraint("organization_id", "id", name="contract_tenant"),
        Index("contract_deal", "organization_id", "deal_id", "id"),
        Index("contract_newest", "organization_id", "id"),
        Index("contract_account", "organization_id", "account_id"),
        Index("contract_contact", "organization_id", "contact_id"),
        Index("contract_active", "deal_id", postgresql_where=text("status = 'ACTIVE'")),
        Index("contract_ending", "ends_on", postgresql_where=text("status = 'ACTIVE'")),
        Index("contract_notice", "notice_on", postgresql_where=text("status = 'ACTIVE'")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    deal_id: Mapped[Ref]
    account_id: Mapped[Ref | None]
    contact_id: Mapped[Ref | None]
    quote_id: Mapped[Ref | None]
    title: Mapped[String]
    reference: Mapped[String]
    status: Mapped[String]
    amount: Mapped[Decimal] = mapped_column(AMOUNT)
    """Without VAT, for one period."""
    currency: Mapped[String]
    period: Mapped[String]
    value: Mapped[Decimal] = mapped_column(AMOUNT)
    """Of the whole present term, without VAT; of a year where there is no end."""
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    """The last day of the present term; None for a contract without an end."""
    renewal: Mapped[String]
    renewal_months: Mapped[int | None] = mapped_column(SmallInteger)
    notice_months: Mapped[int] = mapped_column(SmallInteger)
    notice_days: Mapped[int] = mapped_column(SmallInteger)
    notice_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which notice can be given for the present term."""
    indexation: Mapped[String]
    """The rule in words, as `Syntec, base 312.5`; empty where the amount does not follow an index."""
    indexation_percent: Mapped[Decimal | None] = mapped_column(RATE)
    indexed_on: Mapped[date | None] = mapped_column(Date)
    """When the next value applies."""
    next_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    ending_reason: Mapped[String | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Invoice(Base):
    """A claim, or the credit note that takes one back. `paid` is the sum of its payments, refunds taken off."""

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("kind IN ('INVOICE', 'CREDIT_NOTE')", name="invoice_kind"),
        CheckConstraint(
            "status IN ('DRAFT', 'ISSUED', 'PARTLY_PAID', 'PAID', 'CREDITED', 'CANCELLED')", name="invoice_status"
        ),
        CheckConstraint(
            "status IN ('DRAFT', 'CANCELLED') OR (number IS NOT NULL AND issued_on IS NOT NULL AND due_on IS NOT NULL)",
            name="invoice_numbered",
        ),
        CheckConstraint("due_on >= issued_on", name="invoice_due"),
        CheckConstraint("gross = net + vat AND paid BETWEEN 0 AND gross", name="invoice_sum"),
        CheckConstraint("(kind = 'CREDIT_NOTE') = (credits_id IS NOT NULL)", name="invoice_credits"),
        within("deal_id", "deal"),
        within("contract_id", "contract"),
        within("credits_id", "invoice"),
        UniqueConstraint("organization_id", "id", name="invoice_tenant"),
        UniqueConstraint("organization_id", "number", name="invoice_number"),
        UniqueConstraint("organization_id", "credits_id", name="invoice_credited_once"),
        Index("invoice_deal", "organization_id", "deal_id", "id"),
        Index("invoice_newest", "organization_id", "id"),
        Index("invoice_account", "organization_id", "account_id"),
        Index("invoice_contact", "organization_id", "contact_id"),
        Index("invoice_owed", "deal_id", postgresql_where=text("status IN ('ISSUED', 'PARTLY_PAID')")),
        Index("invoice_unpaid", "due_on", postgresql_where=text("status IN ('ISSUED', 'PARTLY_PAID')")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    kind: Mapped[String]
    deal_id: Mapped[Ref]
    account_id: Mapped[Ref | None]
    contact_id: Mapped[Ref | None]
    contract_id: Mapped[Ref | None]
    credits_id: Mapped[Ref | None]
    number: Mapped[String | None]
    title: Mapped[String]
    status: Mapped[String]
    currency: Mapped[String]
    discount_percent: Mapped[Decimal | None] = mapped_column(RATE)
    discount_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    vat: Mapped[Decimal] = mapped_column(AMOUNT)
    gross: Mapped[Decimal] = mapped_column(AMOUNT)
    paid: Mapped[Decimal] = mapped_column(AMOUNT)
    issued_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class InvoiceLine(PricedLine, Base):
    """What is claimed; an invoice of a total alone has one line."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        PrimaryKeyConstraint("invoice_id", "position"),
        within("invoice_id", "invoice"),
        within("product_id", "product"),
    )

    invoice_id: Mapped[Ref]


class Payment(Base):
    """Money that came, or went back: then `amount` is negative. Written once."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="payment_amount"),
        within("invoice_id", "invoice"),
        Index("payment_invoice", "organization_id", "invoice_id", "paid_on", "id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    invoice_id: Mapped[Ref]
    amount: Mapped[Decimal] = mapped_column(AMOUNT)
    paid_on: Mapped[date] = mapped_column(Date)
    method: Mapped[String]
    reference: Mapped[String]
    recorded_by_id: Mapped[Ref | None]
    created_at: Mapped[Moment]


class QuoteRequest(Base):
    """What a supplier is asked to offer for a deal, and what they answered."""

    __tablename__ = "quote_request"
    __table_args__ = (
        CheckConstraint(
            "status IN ('DRAFT', 'SENT', 'ANSWERED', 'DECLINED', 'RETAINED', 'DISCARDED', 'CANCELLED')",
            name="quote_request_status",
        ),
        CheckConstraint("account_id IS NOT NULL OR contact_id IS NOT NULL", name="quote_request_supplier"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="quote_request_amount"),
        CheckConstraint(
            "status NOT IN ('ANSWERED', 'RETAINED') OR (amount IS NOT NULL AND answered_on IS NOT NULL)",
            name="quote_request_answered",
        ),
        within("deal_id", "deal"),
        UniqueConstraint("organization_id", "id", name="quote_request_tenant"),
        Index("quote_request_deal", "organization_id", "deal_id", "id"),
        Index("quote_request_newest", "organization_id", "id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    deal_id: Mapped[Ref]
    account_id: Mapped[Ref | None]
    contact_id: Mapped[Ref | None]
    title: Mapped[String]
    description: Mapped[String]
    locale: Mapped[String]
    status: Mapped[String]
    answer_by: Mapped[date | None] = mapped_column(Date)
    sent_at: Mapped[Moment | None]
    sent_by_id: Mapped[Ref | None]
    amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    currency: Mapped[String | None]
    answered_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    document: Mapped[String]
    """A reference to the supplier's own paper: its number, or where it lies."""
    remark: Mapped[String]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
