"""What contracts and invoices come to for many accounts or contacts at once."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, literal, select, union_all

from chassis.database import ReadSession, utc_now
from services.deals.model import Contract, Invoice, Organization
from services.deals.queries.days import local_date
from services.deals.states.billing import OWED, PAYABLE, ContractStatus

Sums = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[list[Any]]]]
_OWED = sorted(OWED)
_COUNTED = sorted(PAYABLE)
_NOTHING = literal(0)


def _sums(party: str) -> Sums:
    async def batch(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Any]]:
        found: defaultdict[UUID, list[Any]] = defaultdict(list)
        for row in await session.rows(_statement(party, ids)):
            found[row.party].append(row)
        return [found[id] for id in ids]

    return batch


def _statement(party: str, ids: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    each = union_all(_contracts(party, ids), _invoices(party, ids)).subquery()
    names = ("contracted", "invoiced", "paid", "outstanding", "overdue")
    sums = [func.sum(each.c[name]).label(name) for name in names]
    key = (each.c.party, each.c.currency)
    return select(*key, *sums).group_by(*key).order_by(*key)


def _contracts(party: str, ids: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    column = Contract.__table__.c[party]
    nothing = [_NOTHING.label(name) for name in ("invoiced", "paid", "outstanding", "overdue")]
    chosen = select(column.label("party"), Contract.currency, Contract.value.label("contracted"), *nothing)
    return chosen.where(column.in_(ids), Contract.status == ContractStatus.ACTIVE.value)


def _invoices(party: str, ids: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    column = Invoice.__table__.c[party]
    owed = case((Invoice.status.in_(_OWED), Invoice.gross - Invoice.paid), else_=0)
    zone = select(Organization.time_zone).where(Organization.id == Invoice.organization_id).scalar_subquery()
    late = case((Invoice.due_on < local_date(utc_now(), zone), owed), else_=0)
    figures = (_NOTHING, Invoice.gross, Invoice.paid, owed, late)
    names = ("contracted", "invoiced", "paid", "outstanding", "overdue")
    told: list[Any] = [figure.label(name) for figure, name in zip(figures, names, strict=True)]
    chosen = select(column.label("party"), Invoice.currency, *told)
    return chosen.where(column.in_(ids), Invoice.status.in_(_COUNTED), Invoice.kind == "INVOICE")


billing_of_account = _sums("account_id")
billing_of_contact = _sums("contact_id")
