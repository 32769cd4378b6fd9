"""Quotes, the papers that were sent, who may answer them, and what an acceptance set going."""

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Date,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String, within
from services.deals.model.lines import AMOUNT, RATE, PricedLine

OPEN = "status IN ('SENT', 'ACCEPTED')"


class Letterhead(Base):
    """Who the organization is on paper, as French law wants a quote or an invoice to name its author."""

    __tablename__ = "letterhead"

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    version: Mapped[int]
    legal_name: Mapped[String]
    legal_form: Mapped[String]
    """As `SARL au capital de 10 000 €`."""
    address: Mapped[String]
    siret: Mapped[String]
    vat_number: Mapped[String | None]
    """None for who owes no VAT (art. 293 B of the CGI): their papers say so."""
    register: Mapped[String]
    """As `RCS Brest`; empty where there is none."""
    email: Mapped[String]
    phone: Mapped[String]
    payment_terms: Mapped[String]
    payment_days: Mapped[int] = mapped_column(SmallInteger)
    validity_days: Mapped[int] = mapped_column(SmallInteger)
    updated_at: Mapped[Moment]


class PaperCounter(Base):
    """The last number given to a kind of paper in a year; its row's lock is what leaves no gap."""

    __tablename__ = "paper_counter"

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    kind: Mapped[String] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    last: Mapped[int]


class Quote(Base):
    """One version of an offer. A sent one is never edited: a new `revision` of its `family` supersedes it."""

    __tablename__ = "quote"
    __table_args__ = (
        CheckConstraint(
            "status IN ('DRAFT', 'SENT', 'ACCEPTED', 'REFUSED', 'EXPIRED', 'SUPERSEDED', 'WITHDRAWN')",
            name="quote_status",
        ),
        CheckConstraint(
            "status IN ('DRAFT', 'WITHDRAWN') OR (number IS NOT NULL AND sent_at IS NOT NULL)", name="quote_numbered"
        ),
        CheckConstraint("gross = net + vat", name="quote_sum"),
        within("deal_id", "deal"),
        UniqueConstraint("organization_id", "id", name="quote_tenant"),
        UniqueConstraint("organization_id", "family_id", "revision", name="quote_revision"),
        UniqueConstraint("organization_id", "number", "revision", name="quote_number"),
        Index(
            "quote_one_draft", "organization_id", "family_id", unique=True, postgresql_where=text("status = 'DRAFT'")
        ),
        Index(
            "quote_one_open",
            "organization_id",
            "family_id",
            unique=True,
            postgresql_where=text("status IN ('SENT', 'ACCEPTED')"),
        ),
        Index("quote_deal", "organization_id", "deal_id", "id"),
        Index("quote_newest", "organization_id", "id"),
        Index("quote_answerless", "deal_id", postgresql_where=text("status = 'SENT'")),
        Index("quote_waiting", "valid_until", "sent_at", postgresql_where=text("status = 'SENT'")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    deal_id: Mapped[Ref]
    family_id: Mapped[Ref]
    revision: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[String | None]
    status: Mapped[String]
    locale: Mapped[String]
    title: Mapped[String]
    introduction: Mapped[String]
    conditions: Mapped[String]
    buyer_name: Mapped[String]
    buyer_address: Mapped[String]
    buyer_number: Mapped[String]
    currency: Mapped[String]
    discount_percent: Mapped[Decimal | None] = mapped_column(RATE)
    discount_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    vat: Mapped[Decimal] = mapped_column(AMOUNT)
    gross: Mapped[Decimal] = mapped_column(AMOUNT)
    valid_until: Mapped[date] = mapped_column(Date)
    author_id: Mapped[Ref | None]
    sent_at: Mapped[Moment | None]
    sent_by_id: Mapped[Ref | None]
    ended_at: Mapped[Moment | None]
    """When it was answered, expired, superseded or withdrawn."""
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class QuoteLine(PricedLine, Base):
    """What is offered."""

    __tablename__ = "quote_line"
    __table_args__ = (
        PrimaryKeyConstraint("quote_id", "position"),
        within("quote_id", "quote"),
        within("product_id", "product"),
    )

    quote_id: Mapped[Ref]


class QuotePaper(Base):
    """The PDF that was sent, and its SHA-256: what an acceptance is an acceptance of. Never changed."""

    __tablename__ = "quote_paper"
    __table_args__ = (within("quote_id", "quote"),)

    quote_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]


class QuoteLink(Base):
    """A recipient's way to the page where a quote is answered: the SHA-256 of a token, never the token."""

    __tablename__ = "quote_link"
    __table_args__ = (
        within("quote_id", "quote"),
        UniqueConstraint("organization_id", "quote_id", "contact_id", name="quote_link_recipient"),
        Index("quote_link_token", "token_hash", unique=True),
        Index("quote_link_expires", "expires_at"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    quote_id: Mapped[Ref]
    contact_id: Mapped[Ref]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[Moment]


class QuoteAnswer(Base):
    """Who said yes or no, how it was said, to which bytes: written once."""

    __tablename__ = "quote_answer"
    __table_args__ = (
        CheckConstraint("decision IN ('ACCEPTED', 'REFUSED')", name="quote_answer_decision"),
        CheckConstraint("(contact_id IS NULL) <> (recorded_by_id IS NULL)", name="quote_answer_who"),
        within("quote_id", "quote"),
    )

    quote_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    decision: Mapped[String]
    name: Mapped[String]
    consent: Mapped[String]
    """The sentence that was agreed to, in its language; how it was said where a collaborator wrote it down."""
    reason: Mapped[String]
    contact_id: Mapped[Ref | None]
    recorded_by_id: Mapped[Ref | None]
    address: Mapped[String]
    """IP address of a recipient; empty where a collaborator wrote it down."""
    agent: Mapped[String]
    paper_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Moment]


class Acceptance(Base):
    """The saga that an accepted quote set going, and where it is; see docs/decisions/0030-quotes.md."""

    __tablename__ = "acceptance"
    __table_args__ = (
        CheckConstraint("status IN ('STARTED', 'COMPLETED', 'COMPENSATED')", name="acceptance_status"),
        CheckConstraint("(status = 'COMPENSATED') = (reason IS NOT NULL)", name="acceptance_reason"),
        within("quote_id", "quote"),
        within("contract_id", "contract"),
        Index("acceptance_open", "organization_id", "started_at", postgresql_where=text("status <> 'COMPLETED'")),
    )

    quote_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    attempt: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[String]
    reason: Mapped[String | None]
    phase_before: Mapped[String]
    contract_id: Mapped[Ref | None]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
