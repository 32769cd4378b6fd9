"""What a merge would give, before anything is written; read in a unit of work that changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from services.contacts.duplicates import companies, people, records
from services.contacts.duplicates.candidates import within
from services.contacts.duplicates.score import Reason, score
from services.contacts.merging import following, plan
from services.contacts.merging.commands import Merging, rows_of
from services.contacts.merging.commands import found as records_of
from services.contacts.merging.plan import MergeField, Outcome, Record
from services.contacts.model import DuplicateKind, Interlocutor


@dataclass(frozen=True, slots=True)
class Preview:
    """The winner's id first; `lists` as they would be, `follows` by table."""

    kind: DuplicateKind
    ids: list[UUID]
    outcomes: list[Outcome]
    values: dict[MergeField, list[tuple[UUID, Any]]]
    lists: dict[str, list[str]]
    follows: dict[str, int]
    score: float
    reasons: list[Reason]


async def preview(work: UnitOfWork, order: Merging) -> Preview:
    """Raises what the merge would raise, but for versions."""
    order.check()
    ids = [order.winner, *order.losers]
    async with work.as_seen():
        found = await records_of(work, order.kind, ids, rows_of(order.kind), alive=True)
    reasons = await _reasons(work, order)
    return Preview(
        kind=order.kind,
        ids=ids,
        outcomes=plan.outcomes(order.kind, found, order.choices),
        values={
            field: [(record.id, getattr(record, field.value)) for record in found] for field in plan.FIELDS[order.kind]
        },
        lists=_lists(order.kind, found),
        follows=await _follows(work, order),
        score=score(reasons),
        reasons=reasons,
    )


def _lists(kind: DuplicateKind, found: Sequence[Record]) -> dict[str, list[str]]:
    more = plan.additions(kind, found[0], found[1:])
    return {name: [_shown(row) for row in [*getattr(found[0], name), *rows]] for name, rows in more.items()}


def _shown(row: Any) -> str:
    for name in ("address", "number"):
        if hasattr(row, name):
            return str(getattr(row, name))
    return ", ".join(filter(None, (row.lines, row.postal_code, row.city, row.country)))


async def _follows(work: UnitOfWork, order: Merging) -> dict[str, int]:
    told: Counter[str] = Counter()
    column: Any = Interlocutor.contact_id if order.kind is DuplicateKind.CONTACT else Interlocutor.account_id
    links = select(func.count()).select_from(Interlocutor).where(column.in_(order.losers))
    told["interlocutor"] = int(await work.session.scalar(links) or 0)
    for loser in order.losers:
        told.update(await following.counts(work.session, order.kind, order.winner, loser))
    return dict(told)


async def _reasons(work: UnitOfWork, order: Merging) -> list[Reason]:
    fetch, ids = within(work), [order.winner, order.losers[0]]
    if order.kind is DuplicateKind.CONTACT:
        persons = await records.people(fetch, ids)
        return people.compare(*(persons[id] for id in ids))
    firms = await records.companies(fetch, ids)
    return companies.compare(*(firms[id] for id in ids))
