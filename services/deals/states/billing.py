"""The lives of contracts and invoices."""

from decimal import Decimal
from enum import StrEnum

from services.deals.errors import ContractNotReachable, InvoiceNotReachable


class ContractStatus(StrEnum):
    """Where a contract is in its life."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"
    TERMINATED = "TERMINATED"
    CANCELLED = "CANCELLED"


_C = ContractStatus
CONTRACT_FOLLOWING: dict[ContractStatus, frozenset[ContractStatus]] = {
    _C.DRAFT: frozenset({_C.ACTIVE, _C.CANCELLED}),
    _C.ACTIVE: frozenset({_C.ENDED, _C.TERMINATED}),
    _C.ENDED: frozenset({_C.ACTIVE}),
    _C.TERMINATED: frozenset(),
    _C.CANCELLED: frozenset(),
}


def follow_contract(current: ContractStatus, wanted: ContractStatus) -> ContractStatus:
    """The wanted status, if it may follow the current one. Raises ContractNotReachable."""
    if wanted not in CONTRACT_FOLLOWING[current]:
        raise ContractNotReachable(current, wanted, sorted(CONTRACT_FOLLOWING[current]))
    return wanted


class InvoiceStatus(StrEnum):
    """Where an invoice is in its life."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PARTLY_PAID = "PARTLY_PAID"
    PAID = "PAID"
    CREDITED = "CREDITED"
    CANCELLED = "CANCELLED"


_I = InvoiceStatus
OWED = frozenset({_I.ISSUED, _I.PARTLY_PAID})
PAYABLE = OWED | {_I.PAID}
INVOICE_FOLLOWING: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    _I.DRAFT: frozenset({_I.ISSUED, _I.PAID, _I.CANCELLED}),
    _I.ISSUED: frozenset({_I.PARTLY_PAID, _I.PAID, _I.CREDITED}),
    _I.PARTLY_PAID: frozenset({_I.ISSUED, _I.PAID}),
    _I.PAID: frozenset({_I.ISSUED, _I.PARTLY_PAID}),
    _I.CREDITED: frozenset(),
    _I.CANCELLED: frozenset(),
}


def follow_invoice(current: InvoiceStatus, wanted: InvoiceStatus) -> InvoiceStatus:
    """The wanted status, if it may follow the current one. Raises InvoiceNotReachable."""
    if wanted not in INVOICE_FOLLOWING[current]:
        raise InvoiceNotReachable(current, wanted, sorted(INVOICE_FOLLOWING[current]))
    return wanted


def settled(gross: Decimal, paid: Decimal) -> InvoiceStatus:
    """What an issued invoice is, by what was paid of it; nothing to pay is paid."""
    if paid >= gross:
        return InvoiceStatus.PAID
    return InvoiceStatus.PARTLY_PAID if paid else InvoiceStatus.ISSUED
