"""The records that may be the same as others, with score and reasons, best first."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from services.contacts.duplicates import candidates, companies, people, records
from services.contacts.duplicates.candidates import Fetch
from services.contacts.duplicates.score import KEPT, Reason, score
from services.contacts.model import DuplicateKind

Also = Mapping[UUID, Collection[UUID]]


class Likely(NamedTuple):
    """A record that may be the same, and why."""

    id: UUID
    score: float
    reasons: list[Reason]


class _Way(NamedTuple):
    load: Callable[[Fetch, Any], Any]
    wanted: Callable[[Any], candidates.Wanted | None]
    compare: Callable[[Any, Any], list[Reason]]


_WAYS = {
    DuplicateKind.CONTACT: _Way(records.people, candidates.of_person, people.compare),
    DuplicateKind.ACCOUNT: _Way(records.companies, candidates.of_company, companies.compare),
}


async def like(
    fetch: Fetch, kind: DuplicateKind, told: Mapping[UUID, Any], also: Also = MappingProxyType({})
) -> dict[UUID, list[Likely]]:
    """What is like each of these records (people.Person or companies.Company by id), of a score of at least KEPT.

    `also`: records to compare with each beside the candidates, as one that was found before may not be among them.
    """
    way = _WAYS[kind]
    found = await candidates.candidates(fetch, kind, {id: way.wanted(each) for id, each in told.items()})
    near = {id: {*found[id], *also.get(id, ())} for id in told}
    missing = {other for others in near.values() for other in others} - told.keys()
    known = {**told, **(await way.load(fetch, missing) if missing else {})}
    return {id: _best(way, each, [known[other] for other in near[id] if other in known]) for id, each in told.items()}


async def like_those(
    fetch: Fetch, kind: DuplicateKind, ids: Sequence[UUID], also: Also = MappingProxyType({})
) -> dict[UUID, list[Likely]]:
    """What is like each of the records that are there; nothing for those that are not, or deleted."""
    told = await _WAYS[kind].load(fetch, ids)
    found = await like(fetch, kind, told, also)
    return {id: found.get(id, []) for id in ids}


def _best(way: _Way, ours: Any, others: Sequence[Any]) -> list[Likely]:
    found = []
    for other in others:
        reasons = way.compare(ours, other)
        if (points := score(reasons)) >= KEPT:
            found.append(Likely(other.id, points, reasons))
    return sorted(found, key=lambda each: (-each.score, each.id))
