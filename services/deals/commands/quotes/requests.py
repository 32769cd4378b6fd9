"""Requests for quotes, sent to suppliers, and what they answer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked, locked_with_its_deal
from services.deals.errors import NobodyToSendTo, NotASupplier
from services.deals.model import Account, Contact, Deal, Interlocutor, QuoteRequest
from services.deals.queries import days
from services.deals.states import quote as states
from services.deals.states.quote import RequestStatus
from services.deals.values.money import Money
from services.deals.values.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What a supplier is to be asked, for which deal."""

    deal: UUID
    title: str
    account: UUID | None = None
    contact: UUID | None = None
    description: str = ""
    locale: str | None = None
    answer_by: date | None = None

    @property
    def references(self) -> list[Reference]:
        """The supplier, with its fields."""
        return [
            *references("account", "accountId", self.account),
            *references("contact", "contactId", self.contact),
        ]


async def draft_request(work: UnitOfWork, order: NewRequest) -> UUID:
    """Prepare a request. Raises NotFound, InvalidInput, NotASupplier."""
    if order.account is None and order.contact is None:
        raise InvalidInput("contactId", "Say which supplier is asked: give contactId, accountId or both.")
    await _check_supplier(work, order)
    await locked(work, Deal, order.deal, "dealId")
    organization = (await work.session.execute(days.organization())).first()
    request = QuoteRequest(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        deal_id=order.deal,
        account_id=order.account,
        contact_id=order.contact,
        title=order.title,
        description=order.description,
        locale=order.locale or (organization.locale if organization else "fr"),
        status=RequestStatus.DRAFT.value,
        answer_by=order.answer_by,
        document="",
        remark="",
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(request)
    await work.session.flush()
    return request.id


async def _check_supplier(work: UnitOfWork, order: NewRequest) -> None:
    """Raise NotASupplier unless one of the two is: an interlocutor speaks for their company."""
    asked = union_all(
        select(Account.id).where(Account.id == order.account, Account.supplier),
        select(Contact.id).where(Contact.id == order.contact, Contact.supplier),
    )
    if (await work.session.execute(asked)).first() is None:
        raise NotASupplier("contactId" if order.account is None else "accountId")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStep:
    """A request that goes on: SENT, DECLINED, RETAINED, DISCARDED or CANCELLED, with a remark."""

    id: UUID
    expected_version: int | None
    status: RequestStatus
    by_email: bool = False
    remark: str = ""
    references: tuple[Reference, ...] = ()


async def step_request(work: UnitOfWork, order: RequestStep) -> UUID:
    """Carry a request on. Raises NotFound, VersionConflict, RequestNotReachable, NobodyToSendTo."""
    request = await locked_with_its_deal(work, QuoteRequest, order.id, version=order.expected_version)
    _become(work, request, order.status)
    request.remark = order.remark or request.remark
    if order.status is RequestStatus.SENT:
        request.sent_at, request.sent_by_id = work.now, work.actor.collaborator
        if order.by_email:
            await work.emit(events.quote_request_sent(request, await _reader(work, request)))
    await _tell(work, request)
    return request.id


async def _reader(work: UnitOfWork, request: QuoteRequest) -> UUID:
    """The contact who is asked, else the account's first present interlocutor. Raises NobodyToSendTo."""
    if request.contact_id is not None:
        return request.contact_id
    statement = (
        select(Interlocutor.contact_id)
        .join(Contact, Contact.id == Interlocutor.contact_id)
        .where(Interlocutor.account_id == request.account_id, Interlocutor.ended_at.is_(None))
        .where(Contact.deleted.is_(False))
        .order_by(Interlocutor.decision_maker.desc(), Interlocutor.id)
        .limit(1)
    )
    found: UUID | None = await work.session.scalar(statement)
    if found is None:
        raise NobodyToSendTo
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAnswer:
    """What a supplier offers, and where their paper is."""

    id: UUID
    expected_version: int | None
    money: Money
    answered_on: date | None = None
    valid_until: date | None = None
    document: str = ""
    remark: str = ""
    references: tuple[Reference, ...] = field(default=())


async def record_supplier_answer(work: UnitOfWork, order: SupplierAnswer) -> UUID:
    """Write an answer down; a corrected one replaces it. Raises NotFound, VersionConflict, RequestNotReachable."""
    request = await locked_with_its_deal(work, QuoteRequest, order.id, version=order.expected_version)
    states.follow_request(RequestStatus(request.status), RequestStatus.ANSWERED)
    request.answered_on = order.answered_on or await days.today(work)
    request.amount, request.currency = order.money.amount, order.money.currency
    request.valid_until, request.document = order.valid_until, order.document
    request.remark = order.remark or request.remark
    _become(work, request, RequestStatus.ANSWERED)
    await _tell(work, request, amount=request.amount, currency=request.currency, document=request.document or None)
    return request.id


def _become(work: UnitOfWork, request: QuoteRequest, status: RequestStatus) -> None:
    request.status = states.follow_request(RequestStatus(request.status), status).value
    request.version, request.updated_at = request.version + 1, work.now


async def _tell(work: UnitOfWork, request: QuoteRequest, **changes: Any) -> None:
    subject = await subject_of(work, request.deal_id, None)
    told = {"quote_request_id": request.id, "title": request.title, **changes}
    made = {name: (None, value) for name, value in told.items() if value is not None}
    await record(work, f"quote_request_{request.status.lower()}", subject, made)
