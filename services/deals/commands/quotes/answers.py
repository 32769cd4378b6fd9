"""A quote is accepted or refused: by its recipient on the signed page, or written down by a collaborator."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.locking import locked_with_its_deal
from services.deals.commands.quotes import acceptance
from services.deals.commands.quotes.drafts import become, tell
from services.deals.errors import QuoteExpired
from services.deals.model import Quote, QuoteAnswer, QuotePaper
from services.deals.queries import days
from services.deals.states import quote as states
from services.deals.states.quote import QuoteStatus
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who answers, in which words; from where, if a recipient does so on the page."""

    name: str
    consent: str
    contact: UUID | None = None
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Yes or no to a quote that was sent."""

    id: UUID
    accepted: bool
    signature: Signature
    reason: str = ""
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def answer_quote(work: UnitOfWork, order: Answer) -> UUID:
    """Keep an answer, once. An acceptance sets its saga going in the same transaction.

    Raises NotFound, VersionConflict, QuoteNotReachable, QuoteExpired.
    """
    quote = await locked_with_its_deal(work, Quote, order.id, version=order.expected_version)
    decided = QuoteStatus.ACCEPTED if order.accepted else QuoteStatus.REFUSED
    states.follow(QuoteStatus(quote.status), decided)
    if quote.valid_until < await days.today(work):
        raise QuoteExpired(quote.valid_until)
    await become(work, quote, decided)
    answer = await _keep(work, quote, order)
    kind = "quote_accepted" if order.accepted else "quote_refused"
    subject = await tell(work, quote, kind, name=answer.name, reason=answer.reason or None)
    if order.accepted:
        await acceptance.start(work, quote, answer)
    else:
        await work.emit(events.quote_answered(quote, subject, answer, 0))
        await close_what_is_over(work, quote.deal_id)
    return quote.id


async def _keep(work: UnitOfWork, quote: Quote, order: Answer) -> QuoteAnswer:
    signed = order.signature
    paper = select(QuotePaper.sha256).where(QuotePaper.quote_id == quote.id)
    answer = QuoteAnswer(
        quote_id=quote.id,
        organization_id=work.organization,
        decision=quote.status,
        name=signed.name,
        consent=signed.consent,
        reason=order.reason,
        contact_id=signed.contact,
        recorded_by_id=None if signed.contact else work.actor.collaborator,
        address=signed.address,
        agent=signed.agent,
        paper_sha256=(await work.session.execute(paper)).scalar_one(),
        at=work.now,
    )
    work.session.add(answer)
    await work.session.flush()
    return answer
