"""Quotes and requests for quotes."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.deals.commands.quotes.lines import price_of
from services.deals.queries import batches
from services.deals.schema.products import LineType, VatShareType
from services.deals.schema.quote_enums import KEPT, AcceptanceStatus, PaperLocale, QuoteStatus, RequestStatus
from services.deals.schema.stubs import Account, Collaborator, Contact
from services.deals.values.money import shown
from services.deals.values.papers import shown_number
from services.deals.values.retention import kept_until
from services.deals.values.totals import Discount, Totals, totals

if TYPE_CHECKING:
    from services.deals.schema.contracts import ContractType
    from services.deals.schema.deals import DealType

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
Contract = Annotated["ContractType", strawberry.lazy("services.deals.schema.contracts")]


@strawberry.type(name="QuoteAnswer", description="Who said yes or no, and to what: kept for ever.")
class QuoteAnswerType:
    """See model.QuoteAnswer."""

    row: strawberry.Private[Row[Any]]
    accepted: bool = strawberry.field(description="Yes or no.")
    name: str = strawberry.field(description="Who said it, as they signed.")
    consent: str = strawberry.field(description="The sentence they agreed to, or how a collaborator heard of it.")
    reason: str = strawberry.field(description="Why not; empty where nothing was said.")
    at: datetime = strawberry.field(description="When.")
    address: str = strawberry.field(description="IP address of a recipient; empty where a collaborator wrote it down.")
    paper_sha256: str = strawberry.field(description="SHA-256 of the PDF that was answered, in hexadecimal.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The value of a row."""
        return cls(
            row=row,
            accepted=row.decision == QuoteStatus.ACCEPTED,
            name=row.name,
            consent=row.consent,
            reason=row.reason,
            at=row.at,
            address=row.address,
            paper_sha256=row.paper_sha256.hex(),
        )

    @strawberry.field(description="The recipient whose page it was; null where a collaborator wrote it down.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)

    @strawberry.field(description="Who wrote it down; null where the recipient answered.")
    def recorded_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.recorded_by_id)


@strawberry.type(name="QuoteAcceptance", description="What an acceptance set going across your services.")
class QuoteAcceptanceType:
    """See model.Acceptance."""

    row: strawberry.Private[Row[Any]]
    status: AcceptanceStatus = strawberry.field(description="Where it is.")
    attempt: int = strawberry.field(description="How often it was tried.")
    reason: str | None = strawberry.field(description="Why it was taken back: NOT_FOUND, DELETED…")
    started_at: datetime = strawberry.field(description="When it was last set going.")
    ended_at: datetime | None = strawberry.field(description="When it was completed or taken back.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The value of a row."""
        return cls(
            row=row,
            status=AcceptanceStatus(row.status),
            attempt=row.attempt,
            reason=row.reason,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )

    @strawberry.field(description="The contract that it drafted.")
    async def contract(self, info: Info) -> Contract | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.contracts import ContractType

        return await ContractType.load(info, self.row.contract_id)


@strawberry.type(name="QuotePaper", description="The PDF that was sent; it never changes.")
class QuotePaperType:
    """See model.QuotePaper."""

    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hexadecimal.")
    made_at: datetime = strawberry.field(description="When it was made.")
    url: str | None = strawberry.field(
        description="GET gives the PDF, for ten minutes and without signing in; null where operators set no key."
    )

    @classmethod
    def of(cls, info: Info, row: Row[Any]) -> Self:
        """The value of a row."""
        context = info.context
        url = context.tools.office.paper_url(context.actor.organization, row.quote_id, context.database.clock())
        return cls(sha256=row.sha256.hex(), made_at=row.made_at, url=url)


@strawberry.federation.type(name="Quote", keys=["id"], description="One version of an offer.")
class QuoteType:
    """See model.Quote."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `quote_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    number: str | None = strawberry.field(description="Given when it is sent, without gaps in a year: `D-2026-00042`.")
    revision: int = strawberry.field(description="Which version of the offer it is, from 1.")
    status: QuoteStatus = strawberry.field(description="Where it is in its life.")
    locale: PaperLocale = strawberry.field(description="The language of its paper, mails and page.")
    title: str = strawberry.field(description="What it is for.")
    introduction: str = strawberry.field(description="What stands above the lines.")
    conditions: str = strawberry.field(description="What stands below the sums.")
    buyer_name: str = strawberry.field(description="Whom it is made out to.")
    buyer_address: str = strawberry.field(description="Their address, over several lines.")
    buyer_number: str = strawberry.field(description="Their SIREN or VAT number, as it should stand on paper.")
    currency: str = strawberry.field(description="ISO 4217.")
    discount_percent: Decimal | None = strawberry.field(description="What is taken off the whole, in percent.")
    discount_amount: Decimal | None = strawberry.field(description="What is taken off the whole, in money.")
    net: Decimal = strawberry.field(description="What it comes to without VAT.")
    vat: Decimal = strawberry.field(description="The VAT of all rates.")
    gross: Decimal = strawberry.field(description="What it comes to.")
    valid_until: date = strawberry.field(description="The last day on which it can be accepted, where you are.")
    sent_at: datetime | None = strawberry.field(description="When it was sent.")
    ended_at: datetime | None = strawberry.field(description="When it was answered, expired, superseded, withdrawn.")
    created_at: datetime = strawberry.field(description="When it was drafted.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        told = {name: getattr(row, name) for name in _PLAIN}
        money: dict[str, Any] = {name: shown(getattr(row, name), row.currency) for name in ("net", "vat", "gross")}
        return cls(
            row=row,
            id=strawberry.ID(format_id("quote", row.id)),
            number=shown_number(row.number, row.revision),
            status=QuoteStatus(row.status),
            locale=PaperLocale(row.locale),
            discount_amount=None if row.discount_amount is None else shown(row.discount_amount, row.currency),
            **told,
            **money,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The quote of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.quotes, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("quote", id))

    @strawberry.field(description="The deal it is on.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description=KEPT)
    def kept_until(self) -> date | None:
        """See values.retention."""
        return kept_until(self.sent_at and self.sent_at.date())

    @strawberry.field(description="Its lines, in order.")
    async def lines(self, info: Info) -> list[LineType]:
        """One statement for all the quotes of an answer."""
        rows = await info.context.load(batches.lines_of_quote, self.row.id)
        return [LineType.of(row, self.currency) for row in rows]

    @strawberry.field(description="VAT by rate, as it stands on the paper.")
    async def vat_shares(self, info: Info) -> list[VatShareType]:
        """Of the same rows as the lines."""
        found = await self._sums(info)
        return [VatShareType(rate=one.rate, net=one.net, vat=one.vat) for one in found.shares]

    @strawberry.field(description="What the lines come to before the whole's discount.")
    async def subtotal(self, info: Info) -> Decimal:
        """Of the same rows as the lines."""
        return (await self._sums(info)).subtotal

    async def _sums(self, info: Info) -> Totals:
        rows = await info.context.load(batches.lines_of_quote, self.row.id)
        taken = Discount(self.row.discount_percent, self.row.discount_amount)
        return totals([price_of(row) for row in rows], taken, self.currency)

    @strawberry.field(description="Every version of this offer, the first one first, this one included.")
    async def versions(self, info: Info) -> "list[QuoteType]":
        """One statement for all the quotes of an answer."""
        return [QuoteType.of(row) for row in await info.context.load(batches.quotes_of_family, self.row.family_id)]

    @strawberry.field(description="Who wrote it.")
    def author(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.author_id)

    @strawberry.field(description="Who sent it.")
    def sent_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.sent_by_id)

    @strawberry.field(description="Its PDF, once it was sent.")
    async def paper(self, info: Info) -> QuotePaperType | None:
        """One statement for all the quotes of an answer, without the bytes."""
        row = await info.context.load(batches.quote_papers, self.row.id)
        return None if row is None else QuotePaperType.of(info, row)

    @strawberry.field(description="What its recipient said.")
    async def answer(self, info: Info) -> QuoteAnswerType | None:
        """One statement for all the quotes of an answer."""
        row = await info.context.load(batches.quote_answers, self.row.id)
        return None if row is None else QuoteAnswerType.of(row)

    @strawberry.field(description="What its acceptance set going.")
    async def acceptance(self, info: Info) -> QuoteAcceptanceType | None:
        """One statement for all the quotes of an answer."""
        row = await info.context.load(batches.acceptances, self.row.id)
        return None if row is None else QuoteAcceptanceType.of(row)


_PLAIN = (
    *("version", "revision", "title", "introduction", "conditions", "buyer_name", "buyer_address", "buyer_number"),
    *("currency", "discount_percent", "valid_until", "sent_at", "ended_at", "created_at", "updated_at"),
)


@strawberry.federation.type(
    name="QuoteRequest", keys=["id"], description="What a supplier is asked to offer for a deal, and their answer."
)
class QuoteRequestType:
    """See model.QuoteRequest."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `quote_request_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    title: str = strawberry.field(description="What is asked for.")
    description: str = strawberry.field(description="In more words.")
    locale: PaperLocale = strawberry.field(description="The language of its mail.")
    status: RequestStatus = strawberry.field(description="Where it is in its life.")
    answer_by: date | None = strawberry.field(description="Until when an answer is hoped for.")
    sent_at: datetime | None = strawberry.field(description="When it was sent.")
    amount: Decimal | None = strawberry.field(description="What the supplier asks, without VAT.")
    currency: str | None = strawberry.field(description="The currency of the amount, ISO 4217.")
    answered_on: date | None = strawberry.field(description="When the supplier answered.")
    valid_until: date | None = strawberry.field(description="Until when their offer holds.")
    document: str = strawberry.field(description="Their paper's number, or where it lies.")
    remark: str = strawberry.field(description="What was noted about it.")
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("quote_request", row.id)),
            locale=PaperLocale(row.locale),
            status=RequestStatus(row.status),
            amount=None if row.amount is None else shown(row.amount, row.currency),
            **{name: getattr(row, name) for name in _PLAIN_OF_REQUEST},
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The request of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.quote_requests, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("quote_request", id))

    @strawberry.field(description="The deal it is for.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The company that is asked.")
    def account(self) -> Account | None:
        """A stub."""
        return Account.of(self.row.account_id)

    @strawberry.field(description="The person who is asked.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)


_PLAIN_OF_REQUEST = (
    *("version", "title", "description", "answer_by", "sent_at", "currency", "answered_on", "valid_until"),
    *("document", "remark", "created_at", "updated_at"),
)
