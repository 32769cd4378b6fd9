"""Who may be the same as somebody: looked up in the search documents' index, never by comparing everybody with all."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, Row, text

from chassis.database import UnitOfWork
from services.contacts.duplicates import companies, names
from services.contacts.duplicates.companies import Company
from services.contacts.duplicates.people import Person
from services.contacts.model import DuplicateKind
from services.contacts.search.wanted import NEAR, mistaken, quoted, run

MOST = 50
"""Candidates of one record: those with the same address or number first, else those with the very words."""
_MOST_WORDS = 4
_FOUND = text(
    "SELECT place, id FROM duplicate_candidates("
    "CAST(:wanted AS text[]), CAST(:whole AS text[]), CAST(:kinds AS text[]), :most)"
)
Fetch = Callable[[Executable], Awaitable[Sequence[Row[Any]]]]
"""Rows of a statement, in a transaction that reads or in one that writes."""


def within(work: UnitOfWork) -> Fetch:
    """Rows as a unit of work sees them."""

    async def fetch(statement: Executable) -> Sequence[Row[Any]]:
        return (await work.session.execute(statement)).all()

    return fetch


class Wanted(NamedTuple):
    """Two queries, as those of a search: what a candidate has, and what the best ones have."""

    query: str
    whole: str


def of_person(person: Person) -> Wanted | None:
    """None where there is nothing to look for."""
    given, family = names.words(person.given)[:_MOST_WORDS], names.words(person.family)[:_MOST_WORDS]
    alike = [_all(map(_near, family)), _any(map(_given, given))]
    if not given or not family:
        alike = [_all(map(quoted, given or family))]  # half a name is too little to forgive mistakes in it
    ways = [_all(alike)]
    if len(person.given) == 1 and family:
        ways.append(_all([quoted(f"!{person.given}{family[0][0]}"), _all(map(_near, family))]))
    sure = [*(quoted(each.lower()) for each in person.emails), *(run(each.lstrip("+")) for each in person.phones)]
    return _wanted(sure, ways, [*given, *family])


def of_company(company: Company) -> Wanted | None:
    """None where there is nothing to look for."""
    told = companies.words(company.name)[:_MOST_WORDS]
    sure = [run(each) for each in (company.siret, company.siren) if each]
    sure += [quoted(company.vat_number.lower())] if company.vat_number else []
    return _wanted(sure, [_all(map(_near, told))], told)


async def candidates(fetch: Fetch, kind: DuplicateKind, wanted: Mapping[UUID, Wanted | None]) -> dict[UUID, list[UUID]]:
    """The candidates of each record, itself left out: one statement for all."""
    asked = [(id, each) for id, each in wanted.items() if each is not None]
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if not asked:
        return found
    bound = {
        "wanted": [each.query for _, each in asked],
        "whole": [each.whole for _, each in asked],
        "kinds": [kind.value],
        "most": MOST,
    }
    for row in await fetch(_FOUND.bindparams(**bound)):
        id = asked[row.place - 1][0]
        if row.id != id:
            found[id].append(row.id)
    return found


def _wanted(sure: Sequence[str], alike: Sequence[str], words: Sequence[str]) -> Wanted | None:
    query = _any([*sure, *alike])
    return Wanted(query, _any(sure) or _all(map(quoted, words)) or query) if query else None


def _given(word: str) -> str:
    """A given name, a nickname of it, or its initial."""
    others = [*names.nicknames(word), *([word[0]] if len(word) > 1 else [])]
    return _any([_near(word), *map(quoted, others)])


def _near(word: str) -> str:
    return mistaken(word) if len(word) in NEAR else quoted(word)


def _any(ways: Iterable[str]) -> str:
    told = [way for way in ways if way]
    return f"({' | '.join(told)})" if told else ""


def _all(ways: Iterable[str]) -> str:
    told = [way for way in ways if way]
    return f"({' & '.join(told)})" if told else ""
