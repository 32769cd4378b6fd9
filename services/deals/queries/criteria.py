"""What deals lack of what a stage may require."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from services.deals.model import Deal, Event, Interlocutor, Participant
from services.deals.values.stages import Requirement

DECISION_MAKER = "DECISION_MAKER"

_has_decision_maker = or_(
    exists().where(Participant.deal_id == Deal.id, Participant.role == DECISION_MAKER).correlate(Deal),
    exists()
    .where(Interlocutor.account_id == Deal.account_id, Interlocutor.decision_maker, Interlocutor.ended_at.is_(None))
    .correlate(Deal),
)
_LACKS: dict[Requirement, ColumnElement[bool]] = {
    Requirement.AMOUNT: Deal.amount.is_(None),
    Requirement.EXPECTED_CLOSE: Deal.expected_close.is_(None),
    Requirement.OWNER: Deal.owner_id.is_(None),
    Requirement.ACCOUNT: Deal.account_id.is_(None),
    Requirement.PRIMARY_CONTACT: Deal.primary_contact_id.is_(None),
    Requirement.DECISION_MAKER: ~_has_decision_maker,
    Requirement.EVENT: ~exists().where(and_(Event.deal_id == Deal.id, Event.cancelled_at.is_(None))).correlate(Deal),
}


def lacking(deals: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """`id`, and for each requirement whether the deal lacks it."""
    told = [clause.label(requirement.value) for requirement, clause in _LACKS.items()]
    return select(Deal.id, *told).where(Deal.id.in_(deals))


def read_lacking(row: Any) -> list[Requirement]:
    """The requirements that a row of `lacking` says are not met."""
    return [requirement for requirement in _LACKS if row._mapping[requirement.value]]


async def missing(execute: Callable[[Any], Awaitable[Any]], deal: UUID) -> list[Requirement]:
    """What one deal lacks, as the transaction sees it."""
    return read_lacking((await execute(lacking([deal]))).one())
