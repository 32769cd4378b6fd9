"""Contracts whose next value, next term or end has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from chassis.database import UnitOfWork
from services.deals.commands.billing.contracts import go_on
from services.deals.commands.locking import locked_with_its_deal
from services.deals.model import Contract, Organization
from services.deals.queries import days
from services.deals.states.billing import ContractStatus


def due(moment: datetime) -> Select[*tuple[Any, ...]]:
    """`organization, contract` of contracts in force that the calendar has something for."""
    day = days.local_date(moment, Organization.time_zone)
    return (
        select(Contract.organization_id, Contract.id)
        .join(Organization, Organization.id == Contract.organization_id)
        .where(Contract.status == ContractStatus.ACTIVE.value)
        .where(or_(Contract.ends_on < day, Contract.indexed_on <= day))
        .order_by(Contract.organization_id, Contract.id)
    )


async def go_on_all(work: UnitOfWork, contracts: list[UUID]) -> int:
    """Carry on those of them that are still due. How many."""
    found = (await work.session.execute(due(work.now).where(Contract.id.in_(contracts)))).all()
    for row in found:
        contract = await locked_with_its_deal(work, Contract, row.id)
        if contract.status == ContractStatus.ACTIVE:
            await go_on(work, contract)
    return len(found)
