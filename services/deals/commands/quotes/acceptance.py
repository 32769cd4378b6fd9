"""The saga of an accepted quote: deal signed and contract drafted here, client made in contacts, or all taken back.

Each step looks at where the saga is before it does anything, so any of them may come twice, late, or after a crash.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.deals import PhaseChange, change_deal_phase, changed
from services.deals.commands.history import subject_of
from services.deals.commands.locking import locked, locked_with_its_deal
from services.deals.commands.quotes.drafts import fact
from services.deals.errors import AcceptanceNotRetryable
from services.deals.model import Acceptance, Contract, Deal, Quote, QuoteAnswer
from services.deals.states import deal as phases
from services.deals.states import quote as states
from services.deals.states.billing import ContractStatus
from services.deals.states.deal import Phase
from services.deals.states.quote import AcceptanceStatus
from services.deals.values.references import Reference

_TO_SIGNED = {
    Phase.LEAD: (Phase.OPPORTUNITY, Phase.SIGNED),
    Phase.OPPORTUNITY: (Phase.SIGNED,),
    Phase.LOST: (Phase.OPPORTUNITY, Phase.SIGNED),
}


async def start(work: UnitOfWork, quote: Quote, answer: QuoteAnswer) -> None:
    """In the transaction of the answer: sign the deal, draft the contract, ask contacts for the client."""
    acceptance = Acceptance(quote_id=quote.id, organization_id=work.organization, attempt=0)
    await _set_going(work, quote, acceptance, answer)


async def _set_going(work: UnitOfWork, quote: Quote, acceptance: Acceptance, answer: QuoteAnswer) -> None:
    deal = await locked(work, Deal, quote.deal_id)
    acceptance.attempt += 1
    acceptance.status = AcceptanceStatus.STARTED.value
    acceptance.phase_before, acceptance.started_at = deal.phase, work.now
    acceptance.reason = acceptance.ended_at = None
    await _sign(work, deal, quote)
    contract = _contract(work, deal, quote)
    work.session.add(contract)
    await work.session.flush()
    acceptance.contract_id = contract.id
    work.session.add(acceptance)
    subject = await subject_of(work, deal.id, None)
    await fact(work, quote, "contract_drafted", subject, contract_id=contract.id)
    await work.emit(events.quote_answered(quote, subject, answer, acceptance.attempt))


async def _sign(work: UnitOfWork, deal: Deal, quote: Quote) -> None:
    if deal.amount is None:
        deal.amount, deal.currency = quote.net, quote.currency
        await changed(work, deal, "deal_changed", {"amount": (None, quote.net), "currency": (None, quote.currency)})
    for phase in _TO_SIGNED.get(Phase(deal.phase), ()):
        order = PhaseChange(id=deal.id, phase=phase, lost_reason=None, expected_version=None)
        await change_deal_phase(work, order)


def _contract(work: UnitOfWork, deal: Deal, quote: Quote) -> Contract:
    return Contract(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        deal_id=deal.id,
        account_id=deal.account_id,
        contact_id=deal.primary_contact_id,
        quote_id=quote.id,
        title=quote.title,
        reference=quote.number or "",
        status=ContractStatus.DRAFT.value,
        amount=quote.net,
        value=quote.net,
        currency=quote.currency,
        period="ONCE",
        renewal="NONE",
        notice_months=0,
        notice_days=0,
        indexation="",
        created_at=work.now,
        updated_at=work.now,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What contacts said of one attempt; a reason where it refused."""

    quote: UUID
    attempt: int
    refused: str | None = None


async def conclude(work: UnitOfWork, verdict: Verdict) -> None:
    """End the saga by what contacts said; said twice, or of an attempt that is past, it changes nothing."""
    quote = await locked_with_its_deal(work, Quote, verdict.quote)
    acceptance = await _acceptance(work, quote.id)
    move = states.honoured if verdict.refused is None else states.refused
    current = AcceptanceStatus(acceptance.status)
    status = move(current, attempt=acceptance.attempt, told_of=verdict.attempt)
    if status is current:
        return
    acceptance.status, acceptance.reason, acceptance.ended_at = status.value, verdict.refused, work.now
    if verdict.refused is None:
        subject = await subject_of(work, quote.deal_id, None)
        await fact(work, quote, "client_made", subject, account_id=subject.account_id)
    else:
        await _take_back(work, quote, acceptance, verdict.refused)


async def _take_back(work: UnitOfWork, quote: Quote, acceptance: Acceptance, reason: str) -> None:
    """Undo what the saga did and nobody built upon since; the answer itself stays, for it was given."""
    contract = await work.session.get(Contract, acceptance.contract_id, with_for_update=True)
    if contract is not None and contract.status == ContractStatus.DRAFT:
        contract.status, contract.ending_reason = ContractStatus.CANCELLED.value, reason
        contract.version, contract.updated_at = contract.version + 1, work.now
    deal = await locked(work, Deal, quote.deal_id)
    phase = phases.taken_back(Phase(deal.phase), Phase(acceptance.phase_before))
    if phase.value != deal.phase:
        before, deal.phase = deal.phase, phase.value
        await changed(work, deal, "phase_changed", {"phase": (before, deal.phase)})
    quote.version, quote.updated_at = quote.version + 1, work.now
    subject = await subject_of(work, deal.id, None)
    await fact(work, quote, "acceptance_compensated", subject, reason=reason)
    await work.emit(events.acceptance_compensated(quote, subject, reason))
    await close_what_is_over(work, deal.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """An acceptance that was taken back, to be tried again once its cause is mended."""

    id: UUID
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def retry_acceptance(work: UnitOfWork, order: Retry) -> UUID:
    """Set it going again. Raises NotFound, VersionConflict, AcceptanceNotRetryable."""
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    acceptance = await _acceptance(work, quote.id)
    if acceptance.status != AcceptanceStatus.COMPENSATED:
        raise AcceptanceNotRetryable(acceptance.status)
    answer: Any = await work.session.get(QuoteAnswer, quote.id)
    quote.version, quote.updated_at = quote.version + 1, work.now
    await _set_going(work, quote, acceptance, answer)
    return quote.id


async def _acceptance(work: UnitOfWork, quote: UUID) -> Acceptance:
    statement = select(Acceptance).where(Acceptance.quote_id == quote).with_for_update()
    found = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("quote", quote)
    return found
