"""Enums of the catalogue, quotes, contracts and invoices, described."""

from enum import StrEnum

from chassis.graphql.enums import described
from services.deals.states.billing import ContractStatus, InvoiceStatus
from services.deals.states.quote import AcceptanceStatus, QuoteStatus, RequestStatus

__all__ = ["AcceptanceStatus", "ContractStatus", "InvoiceStatus", "QuoteStatus", "RequestStatus"]


class ProductKind(StrEnum):
    """What the catalogue holds."""

    PRODUCT = "PRODUCT"
    SERVICE = "SERVICE"


class PaperLocale(StrEnum):
    """The languages of papers."""

    FR = "fr"
    EN = "en"


described(ProductKind, "What the catalogue holds.", PRODUCT="A thing that is delivered.", SERVICE="Work that is done.")
described(PaperLocale, "The language of a paper, its mails and its page.", FR="French.", EN="English.")
described(
    QuoteStatus,
    "Where a version of an offer is in its life.",
    DRAFT="Being written; it has no number yet, and may change.",
    SENT="Out, numbered, never changed again; it awaits an answer.",
    ACCEPTED="The recipient accepted; see acceptance.",
    REFUSED="The recipient refused.",
    EXPIRED="Its validity ended without an answer.",
    SUPERSEDED="A newer version was sent in its place.",
    WITHDRAWN="Taken back by its organization.",
)
described(
    AcceptanceStatus,
    "Where what an acceptance set going is.",
    STARTED="The deal is signed and the contract drafted; the client is being made.",
    COMPLETED="The account, or the contact without a company, is a client.",
    COMPENSATED="No client could be made: the deal and the contract went back; see reason, and retryQuoteAcceptance.",
)
described(
    RequestStatus,
    "Where a request for a supplier's quote is in its life.",
    DRAFT="Being written.",
    SENT="Asked; it awaits an answer.",
    ANSWERED="The supplier made an offer.",
    DECLINED="The supplier makes no offer.",
    RETAINED="The offer was taken.",
    DISCARDED="Another offer was taken, or none.",
    CANCELLED="It is asked no more.",
)
described(
    ContractStatus,
    "Where a contract is in its life.",
    DRAFT="Being written, or drafted by an accepted quote.",
    ACTIVE="In force.",
    ENDED="Its term is over.",
    TERMINATED="Ended before its term.",
    CANCELLED="Never came into force.",
)
described(
    InvoiceStatus,
    "Where an invoice is in its life.",
    DRAFT="Being written; it has no number yet.",
    ISSUED="Numbered and owed.",
    PARTLY_PAID="Something of it was paid.",
    PAID="All of it was paid.",
    CREDITED="Taken back by a credit note.",
    CANCELLED="A draft that was given up.",
)

KEPT = (
    "The last day that the law has it kept, with the names on it, even of a person who was erased: ten years after the"
    " end of the year it was sent in (code de commerce, L123-22). Null for a draft, which an erasure redacts."
)
