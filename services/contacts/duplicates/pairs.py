"""Pairs as they are kept: found, found again, gone; dismissed for ever, and reopened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, WrongState
from chassis.identifiers import new_id
from chassis.messages import Outgoing
from services.contacts import events
from services.contacts.commands.loading import locked_alive
from services.contacts.duplicates.candidates import within
from services.contacts.duplicates.looking import Likely, like_those
from services.contacts.duplicates.score import Reason
from services.contacts.model import Account, Contact, DuplicateKind, DuplicatePair, DuplicateState

_Key = tuple[UUID, UUID]


async def examine(work: UnitOfWork, kind: DuplicateKind, ids: Sequence[UUID]) -> int:
    """Look at some records again: keep what is found, settle what is not any more. How many pairs were new."""
    known = await _known(work, ids)
    partners = defaultdict(list)
    for first, second in known:
        partners[first].append(second)
        partners[second].append(first)
    found = await like_those(within(work), kind, ids, partners)
    wanted = {key: each for id, others in found.items() for key, each in _keyed(id, others)}
    told = [message for pair in known.values() for message in _again(work, pair, wanted.pop(_key_of(pair), None))]
    told += await _add(work, kind, wanted)
    if told:
        await work.emit(*told)
    return len(wanted)


def _keyed(id: UUID, others: Iterable[Likely]) -> Iterable[tuple[_Key, Likely]]:
    """A pair is told as its first record would."""
    for each in others:
        if id < each.id:
            yield (id, each.id), each
        else:
            yield (each.id, id), each._replace(reasons=[_turned(reason) for reason in each.reasons])


def _turned(reason: Reason) -> Reason:
    return Reason(reason.code, reason.theirs, reason.ours)


def _key_of(pair: DuplicatePair) -> _Key:
    return pair.first_id, pair.second_id


async def _known(work: UnitOfWork, ids: Sequence[UUID]) -> dict[_Key, DuplicatePair]:
    pair = DuplicatePair
    either = or_(pair.first_id.in_(ids), pair.second_id.in_(ids))
    # In the order of their ids, so that two workers never wait for each other.
    rows = await work.session.scalars(select(pair).where(either).order_by(pair.id).with_for_update())
    return {_key_of(row): row for row in rows}


def _again(work: UnitOfWork, pair: DuplicatePair, likely: Likely | None) -> Iterable[Outgoing]:
    if likely is None:
        if pair.state is DuplicateState.OPEN:
            yield settled(work, pair, DuplicateState.GONE)
        return
    told = {"score": likely.score, "reasons": [each.as_json() for each in likely.reasons]}
    if pair.state in (DuplicateState.GONE, DuplicateState.MERGED):
        pair.change(None, work.now, {**told, "state": DuplicateState.OPEN, "settled_at": None, "settled_by_id": None})
        yield events.duplicate_found(pair)
    elif (pair.score, pair.reasons) != (told["score"], told["reasons"]):
        pair.change(None, work.now, told)
        if pair.state is DuplicateState.OPEN:
            yield events.duplicate_found(pair)


async def _add(work: UnitOfWork, kind: DuplicateKind, wanted: Mapping[_Key, Likely]) -> list[Outgoing]:
    if not wanted:
        return []
    rows = [
        {
            **_new(work, kind, key, DuplicateState.OPEN),
            "score": each.score,
            "reasons": [reason.as_json() for reason in each.reasons],
        }
        for key, each in wanted.items()
    ]
    statement = insert(DuplicatePair).on_conflict_do_nothing().returning(DuplicatePair)
    return [events.duplicate_found(pair) for pair in await work.session.scalars(statement, rows)]


def _new(work: UnitOfWork, kind: DuplicateKind, key: _Key, state: DuplicateState) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "version": 1,
        "created_at": work.now,
        "updated_at": work.now,
        "kind": kind,
        "first_id": key[0],
        "second_id": key[1],
        "state": state,
    }


def settled(work: UnitOfWork, pair: DuplicatePair, state: DuplicateState) -> Outgoing:
    """A pair that awaits nobody any more."""
    by = work.actor.collaborator
    pair.change(None, work.now, {"state": state, "settled_at": work.now, "settled_by_id": by})
    return events.duplicate_settled(pair)


async def dismiss(work: UnitOfWork, kind: DuplicateKind, ids: _Key) -> UUID:
    """Remember that two records are not the same, found as a pair or not. Raises NotFound, InvalidInput, WrongState."""
    first, second = sorted(ids)
    if first == second:
        raise InvalidInput("secondId", "It is the same one: give two.")
    for id in (first, second):
        field = "firstId" if id == ids[0] else "secondId"
        if kind is DuplicateKind.CONTACT:
            await locked_alive(work, Contact, id, field)
        else:
            await locked_alive(work, Account, id, field)
    pair = (await _known(work, [first])).get((first, second))
    if pair is None:
        blank = {**_new(work, kind, (first, second), DuplicateState.DISMISSED), "score": 0.0, "reasons": []}
        by = {"settled_at": work.now, "settled_by_id": work.actor.collaborator}
        pair = DuplicatePair(**blank, **by)
        work.session.add(pair)
        await work.emit(events.duplicate_settled(pair))
    elif pair.state is not DuplicateState.DISMISSED:
        await work.emit(settled(work, pair, DuplicateState.DISMISSED))
    return pair.id


async def reopen(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take back that two records are not the same. Raises NotFound, WrongState, VersionConflict."""
    pair = await work.session.scalar(select(DuplicatePair).where(DuplicatePair.id == id).with_for_update())
    if pair is None:
        raise NotFound("duplicate", id)
    if pair.state is not DuplicateState.DISMISSED:
        raise WrongState("Nobody said that these two are not the same.", "id")
    pair.change(expected, work.now, {"state": DuplicateState.GONE, "settled_at": None, "settled_by_id": None})
    await examine(work, pair.kind, [pair.first_id])
    return pair.id
