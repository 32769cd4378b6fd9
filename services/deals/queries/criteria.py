"""What deals lack of what a stage may require."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from services.deals.model import CustomField, Deal, DealCustomValue, DealLine, Event, Interlocutor, Participant
from services.deals.values.stages import Need, Requirement

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
    Requirement.LINES: ~exists().where(DealLine.deal_id == Deal.id).correlate(Deal),
}
_given = exists().where(DealCustomValue.deal_id == Deal.id, DealCustomValue.field_id == CustomField.id)
# What can no longer be given is no longer asked for.
_custom_fields_without_value = (
    select(func.array_agg(CustomField.key))
    .where(
        CustomField.organization_id == Deal.organization_id,
        CustomField.deleted.is_(False),
        CustomField.archived_at.is_(None),
        ~_given.correlate(Deal, CustomField),
    )
    .correlate(Deal)
    .scalar_subquery()
)


def lacking(deals: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """`id`, for each requirement whether the deal lacks it, and the keys of the custom fields that it lacks."""
    told: list[Any] = [clause.label(requirement.value) for requirement, clause in _LACKS.items()]
    told.append(_custom_fields_without_value.label(Requirement.CUSTOM_FIELD.value))
    return select(Deal.id, *told).where(Deal.id.in_(deals))


def read_lacking(row: Any) -> set[Need]:
    """The needs that a row of `lacking` says are not met."""
    told = row._mapping
    keys = told[Requirement.CUSTOM_FIELD.value] or ()
    return {Need(each) for each in _LACKS if told[each.value]} | {Need(Requirement.CUSTOM_FIELD, key) for key in keys}


async def missing(execute: Callable[[Any], Awaitable[Any]], deal: UUID) -> set[Need]:
    """What one deal lacks, as the transaction sees it."""
    return read_lacking((await execute(lacking([deal]))).one())
