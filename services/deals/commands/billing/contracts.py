"""Writes on contracts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked, locked_with_its_deal
from services.deals.errors import ContractNotReachable
from services.deals.model import Contract, Deal
from services.deals.queries import days
from services.deals.states import billing as states
from services.deals.states.billing import ContractStatus
from services.deals.values.references import Reference
from services.deals.values.terms import Period, Renewal, Term, next_end, plus_months, value_of
from services.deals.values.totals import minor_unit, rounded

_TERM = ("starts_on", "ends_on", "renewal_months", "notice_months", "notice_days")
_HUNDRED = Decimal(100)
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A contract to write down: parsed values of its columns."""

    deal: UUID
    values: Mapping[str, Any]
    references: tuple[Reference, ...] = ()


async def create_contract(work: UnitOfWork, order: NewContract) -> UUID:
    """Draft a contract on a deal; its parties are the deal's. Raises NotFound, InvalidInput."""
    deal = await locked(work, Deal, order.deal, "dealId")
    contract = Contract(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        deal_id=deal.id,
        account_id=deal.account_id,
        contact_id=deal.primary_contact_id,
        status=ContractStatus.DRAFT.value,
        created_at=work.now,
        updated_at=work.now,
        **order.values,
    )
    _settle(contract)
    work.session.add(contract)
    await work.session.flush()
    await _tell(work, contract, "contract_drafted", {})
    return contract.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """What a contract becomes: columns that the caller gave."""

    id: UUID
    expected_version: int | None
    changes: Mapping[str, Any]
    references: tuple[Reference, ...] = ()


async def update_contract(work: UnitOfWork, order: ContractChange) -> UUID:
    """Change a draft, or amend a contract in force. Raises NotFound, VersionConflict, WrongState, InvalidInput."""
    contract = await locked_with_its_deal(work, Contract, order.id, version=order.expected_version)
    if ContractStatus(contract.status) not in {ContractStatus.DRAFT, ContractStatus.ACTIVE}:
        raise ContractNotReachable(contract.status, "changed", [])
    made = {
        name: (getattr(contract, name), value)
        for name, value in order.changes.items()
        if getattr(contract, name) != value
    }
    for name, (_, value) in made.items():
        setattr(contract, name, value)
    _settle(contract)
    if made:
        await _changed(work, contract, "contract_changed", made)
    return contract.id


def term_of(contract: Contract) -> Term:
    """The term in a contract's row."""
    return Term(renewal=Renewal(contract.renewal), **{name: getattr(contract, name) for name in _TERM})


def _settle(contract: Contract) -> None:
    """Compute what follows from the rest. Raises InvalidInput."""
    term = term_of(contract)
    term.check()
    contract.notice_on = term.notice_on
    contract.value = value_of(contract.amount, Period(contract.period), contract.starts_on, contract.ends_on)
    if contract.status == ContractStatus.ACTIVE and contract.starts_on is None:
        raise InvalidInput("startsOn", "A contract in force has its first day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractStep:
    """A contract that comes into force, ends, is terminated or given up; with its reason."""

    id: UUID
    expected_version: int | None
    status: ContractStatus
    reason: str | None = None
    references: tuple[Reference, ...] = ()


async def change_contract_status(work: UnitOfWork, order: ContractStep) -> UUID:
    """Carry a contract on. Raises NotFound, VersionConflict, ContractNotReachable, InvalidInput."""
    contract = await locked_with_its_deal(work, Contract, order.id, version=order.expected_version)
    before, today = contract.status, await days.today(work)
    contract.status = states.follow_contract(ContractStatus(before), order.status).value
    if order.status is ContractStatus.ACTIVE:
        contract.starts_on = contract.starts_on or today
        _settle(contract)
    else:
        contract.ending_reason = order.reason
    made: dict[str, tuple[Any, Any]] = {"status": (before, contract.status)}
    if order.reason:
        made["reason"] = (None, order.reason)
    await _changed(work, contract, "contract_status_changed", made)
    await close_what_is_over(work, contract.deal_id)
    return contract.id


async def go_on(work: UnitOfWork, contract: Contract) -> None:
    """What the calendar brings to a contract in force: its next value, its next term, or its end."""
    today = await days.today(work)
    while contract.indexed_on is not None and contract.indexed_on <= today:
        await _index(work, contract)
    while contract.ends_on is not None and contract.ends_on < today and contract.status == ContractStatus.ACTIVE:
        await _end_term(work, contract)


async def _index(work: UnitOfWork, contract: Contract) -> None:
    before, percent = contract.amount, contract.indexation_percent
    if contract.next_amount is not None:
        contract.amount = contract.next_amount
    elif percent is not None:
        contract.amount = rounded(before * (1 + percent / _HUNDRED), minor_unit(contract.currency))
    assert contract.indexed_on is not None, "asked of contracts that have one"  # noqa: S101
    contract.indexed_on = plus_months(contract.indexed_on, _YEAR)
    contract.next_amount = None
    _settle(contract)
    if contract.amount != before:
        await _changed(work, contract, "contract_indexed", {"amount": (before, contract.amount)})


async def _end_term(work: UnitOfWork, contract: Contract) -> None:
    before = contract.ends_on
    assert before is not None, "asked of contracts that have one"  # noqa: S101
    if contract.renewal == Renewal.TACIT and contract.renewal_months is not None:
        contract.starts_on, contract.ends_on = before + timedelta(days=1), next_end(before, contract.renewal_months)
        _settle(contract)
        await _changed(work, contract, "contract_renewed", {"ends_on": (before, contract.ends_on)})
    else:
        contract.status = states.follow_contract(ContractStatus.ACTIVE, ContractStatus.ENDED).value
        await _changed(work, contract, "contract_ended", {"ends_on": (None, before)})


async def _changed(work: UnitOfWork, contract: Contract, kind: str, made: Mapping[str, tuple[Any, Any]]) -> None:
    contract.version, contract.updated_at = contract.version + 1, work.now
    await _tell(work, contract, kind, made)


async def _tell(work: UnitOfWork, contract: Contract, kind: str, made: Mapping[str, tuple[Any, Any]]) -> None:
    subject = await subject_of(work, contract.deal_id, None)
    await record(work, kind, subject, {"contract_id": (None, contract.id), "title": (None, contract.title), **made})
