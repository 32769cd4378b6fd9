"""Merging contacts or accounts, and undoing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, VersionConflict, WrongState
from chassis.identifiers import format_id, new_id
from chassis.messages import Outgoing
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.duplicates.pairs import settled
from services.contacts.merging import banking, following, groups, links, plan
from services.contacts.merging.plan import Choices, MergeField, Record
from services.contacts.model import Account, Contact, DuplicateKind, DuplicatePair, DuplicateState, Merge

MAX_LOSERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """Who wins, who becomes part of the winner, and whose values are chosen where they differ."""

    kind: DuplicateKind
    winner: UUID
    losers: Sequence[UUID]
    choices: Choices
    expected: int | None = None
    expected_of_losers: Mapping[UUID, int] | None = None
    reseal: banking.Reseal | None = None

    def check(self) -> None:
        """Raise InvalidInput for nobody, too many, or the winner among the losers."""
        if not 1 <= len(self.losers) <= MAX_LOSERS:
            raise InvalidInput("losers", f"Give 1 to {MAX_LOSERS} that become part of the winner.")
        if self.winner in self.losers or len(set(self.losers)) < len(self.losers):
            raise InvalidInput("losers", "Each one once, and not the winner.")


async def merge(work: UnitOfWork, order: Merging) -> UUID:
    """Make losers part of a winner; everything of theirs follows. Gives the winner's id.

    Raises InvalidInput, NotFound, WrongState (deleted, or part of another), VersionConflict.
    """
    order.check()
    async with work.as_seen():
        records = await locked(work, order.kind, [order.winner, *order.losers])
    winner, losers = records[0], records[1:]
    _check_versions(order, winner, losers)
    plan.outcomes(order.kind, records, order.choices)
    for loser in losers:
        await _merge_one(work, order, winner, loser)
    return winner.id


async def _merge_one(work: UnitOfWork, order: Merging, winner: Record, loser: Record) -> None:
    id = new_id()
    cause = format_id("merge", id)
    history.watch(work, winner, loser)
    changes = _take_fields(work, order, winner, loser)
    added = _take_lists(order.kind, winner, loser)
    if order.reseal is not None and order.kind is DuplicateKind.ACCOUNT:
        added["bank_accounts"] = await banking.take(work, winner.id, loser.id, order.reseal)
    loser.change(None, work.now, {"deleted_at": work.now, "merged_into_id": winner.id})
    moved = await following.move(work, order.kind, winner.id, loser.id)
    moved["interlocutor"], told = await links.move(work, order.kind, winner.id, loser.id, cause)
    moved["group"] = await groups.follow(work, order.kind, winner.id, loser.id)
    await history.record(work, winner, loser, cause=cause)
    ends = {"id": id, "winner_id": winner.id, "loser_id": loser.id}
    row = Merge(**_row(work, order.kind), **ends, changes=changes, added=added, moved=moved)
    work.session.add(row)
    told += [*await _settle_pairs(work, winner.id, loser.id), events.merge_changed(row)]
    # The winner first: whoever follows the loser to it should know it as it is now.
    await work.emit(_changed(winner), _changed(loser), *told)


def _take_fields(work: UnitOfWork, order: Merging, winner: Record, loser: Record) -> dict[str, list[Any]]:
    pair = {winner.id, loser.id}
    # A choice of another loser's value is taken at that one's turn, and kept until then and after.
    choices = {field: id if id in pair else winner.id for field, id in order.choices.items()}
    values, changes = {}, {}
    for each in plan.outcomes(order.kind, [winner, loser], choices):
        before = getattr(winner, each.field.value)
        if each.value != before:
            values[each.field.value] = each.value
            changes[each.field.value] = [plan.plain(before), plan.plain(each.value)]
    for name in plan.SETS[order.kind]:
        before = list(getattr(winner, name) or ())
        more = [each for each in getattr(loser, name) or () if each not in before]
        if more:
            values[name] = [*before, *more]
            changes[name] = [plan.plain(before), plan.plain(values[name])]
    winner.change(None, work.now, values)
    if isinstance(winner, Account):
        winner.settle_numbers()
    return changes


def _take_lists(kind: DuplicateKind, winner: Record, loser: Record) -> dict[str, list[Any]]:
    added = {}
    shown = {each.name: each.shown for each in plan.LISTS[kind]}
    for name, rows in plan.additions(kind, winner, [loser]).items():
        there = getattr(winner, name)
        for row in rows:
            there.append(_copy_of(row, len(there)))
        added[name] = [shown[name](row) for row in rows]
    return added


def _copy_of(row: Any, position: int) -> Any:
    kind = type(row)
    own = {"organization_id": row.organization_id, "position": position}
    names = {"contact_id", "account_id", *own}
    told = {name: getattr(row, name) for name in kind.__table__.columns.keys() if name not in names}  # noqa: SIM118  # columns
    return kind(**own, **told)


async def _settle_pairs(work: UnitOfWork, winner: UUID, loser: UUID) -> list[Outgoing]:
    first, second = sorted((winner, loser))
    pair = DuplicatePair
    statement = select(pair).where(or_(pair.first_id == loser, pair.second_id == loser)).order_by(pair.id)
    told = []
    for row in await work.session.scalars(statement.with_for_update()):
        if (row.first_id, row.second_id) == (first, second):
            told.append(settled(work, row, DuplicateState.MERGED))
        elif row.state is DuplicateState.OPEN:
            told.append(settled(work, row, DuplicateState.GONE))
    return told


async def unmerge(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Undo a merge: both are as before, what followed goes back, what came after stays with the winner.

    Raises NotFound, WrongState where it is undone already or a later merge stands upon it, VersionConflict.
    """
    async with work.as_seen():
        row = await work.session.scalar(select(Merge).where(Merge.id == id).with_for_update())
    if row is None:
        raise NotFound("merge", id)
    if row.undone_at is not None:
        raise WrongState("This merge was undone already.", "id")
    winner, loser = await locked(work, row.kind, [row.winner_id, row.loser_id], alive=False)
    if winner.merged_into_id is not None:
        raise WrongState("The winner became part of another one since: undo that merge first.", "id")
    history.watch(work, winner, loser)
    row.change(expected, work.now, {"undone_at": work.now, "undone_by_id": work.actor.collaborator})
    cause = format_id("merge", id)
    winner.change(None, work.now, _as_before(row, winner))
    _leave_lists(row, winner)
    await banking.leave(work, winner.id, row.added.get("bank_accounts", ()))
    loser.change(None, work.now, {"deleted_at": None, "merged_into_id": None})
    await following.move_back(work, row.kind, winner.id, loser.id, row.moved)
    await groups.leave(work, winner.id, row.moved.get("group", ()))
    told = await links.move_back(work, row.kind, winner.id, loser.id, row.moved.get("interlocutor", ()), cause)
    await history.record(work, winner, loser, cause=cause)
    await work.emit(_changed(loser), _changed(winner), *told, events.merge_changed(row))
    return row.id


def _as_before(row: Merge, winner: Record) -> dict[str, Any]:
    """The fields that the merge changed and nobody since."""
    told = {}
    for name, (before, after) in row.changes.items():
        if plan.plain(getattr(winner, name)) == after:
            told[name] = _parsed(name, before)
    return told


def _parsed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == MergeField.STATUS:
        return model.AccountStatus(value)
    if name == "relation_kinds":
        return [model.RelationKind(each) for each in value]
    return UUID(value) if name in (MergeField.RELATIONSHIP_MANAGER, MergeField.PARENT) else value


def _leave_lists(row: Merge, winner: Record) -> None:
    for each in plan.LISTS[row.kind]:
        added = [*row.added.get(each.name, ())]
        there = getattr(winner, each.name)
        kept = [each.shown(item) for item in there if each.shown(item) not in added]
        # Positions are the keys: rows are written over and the last ones dropped.
        names = _shown_columns(each.name)
        for item, values in zip(there, kept, strict=False):
            for name, value in zip(names, values, strict=True):
                setattr(item, name, model.Kind(value) if name == "kind" else value)
        there[len(kept) :] = []


def _shown_columns(name: str) -> tuple[str, ...]:
    return {
        "emails": ("address", "kind"),
        "phones": ("number", "kind"),
        "addresses": ("kind", "lines", "postal_code", "city", "region", "country"),
    }[name]


async def locked(work: UnitOfWork, kind: DuplicateKind, ids: Sequence[UUID], *, alive: bool = True) -> list[Record]:
    """In the order asked for, locked in the order of their ids: two merges at once never wait for each other.

    Raises NotFound, and WrongState for one that is deleted or part of another where they must be `alive`.
    """
    return await found(work, kind, ids, rows_of(kind).with_for_update(), alive=alive)


async def found(work: UnitOfWork, kind: DuplicateKind, ids: Sequence[UUID], rows: Any, *, alive: bool) -> list[Record]:
    """Like `locked`, of a statement's rows."""
    table: Any = Contact if kind is DuplicateKind.CONTACT else Account
    # What another transaction committed while this one waited for the locks must be seen.
    seen = await work.session.scalars(
        rows.where(table.id.in_(ids)).order_by(table.id), execution_options={"populate_existing": True}
    )
    there: dict[UUID, Record] = {row.id: row for row in seen}
    for place, id in enumerate(ids):
        field = "winnerId" if place == 0 else f"losers.{place - 1}.id"
        if id not in there:
            raise NotFound(kind.value.lower(), id, field)
        if alive:
            there[id].check_alive(field)
    return [there[id] for id in ids]


def rows_of(kind: DuplicateKind) -> Any:
    """Every contact, or every account."""
    return select(Contact) if kind is DuplicateKind.CONTACT else select(Account)


def _check_versions(order: Merging, winner: Record, losers: Sequence[Record]) -> None:
    wanted = {winner.id: order.expected, **(order.expected_of_losers or {})}
    for record in (winner, *losers):
        expected = wanted.get(record.id)
        if expected is not None and expected != record.version:
            raise VersionConflict(expected, record.version)


def _row(work: UnitOfWork, kind: DuplicateKind) -> dict[str, Any]:
    return {
        "organization_id": work.organization,
        "version": 1,
        "created_at": work.now,
        "updated_at": work.now,
        "created_by_id": work.actor.collaborator,
        "kind": kind,
    }


def _changed(record: Record) -> Outgoing:
    return events.contact_changed(record) if isinstance(record, Contact) else events.account_changed(record)
