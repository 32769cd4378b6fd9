"""Duplicates: the queries, and the mutations that settle them."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, select
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidId, InvalidInput
from chassis.graphql.connections import After, Before, Connection, First, Last, Order, Paging, page
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import on_choice
from chassis.graphql.ordering import Columns, Direction, Nulls, orders
from chassis.identifiers import kind_of, parse_id
from chassis.text import folded
from services.contacts import values
from services.contacts.duplicates import jobs, pairs, queries
from services.contacts.duplicates.companies import Company
from services.contacts.duplicates.people import Person
from services.contacts.model import DuplicateKind, DuplicateState, Organization
from services.contacts.model import DuplicatePair as Pair
from services.contacts.model import DuplicateSearch as Search
from services.contacts.permissions import Rule
from services.contacts.schema.duplicates import DuplicatePair, DuplicateSearch, PossibleDuplicate
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, once

MAX_VALUES = 20
Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
DuplicatePairResult = Annotated[
    DuplicatePair | CommonErrors,
    strawberry.union("DuplicatePairResult", description="The pair, or why nothing was written."),
]
DuplicateSearchResult = Annotated[
    DuplicateSearch | CommonErrors,
    strawberry.union("DuplicateSearchResult", description="The search, or why nothing was written."),
]


@strawberry.input(description="A contact that is about to be added.")
class PossibleContactInput:
    """See duplicates.people.Person."""

    given_name: str | None = strawberry.field(default=None, description="First name.")
    family_name: str | None = strawberry.field(default=None, description="Last name.")
    emails: list[str] = strawberry.field(default_factory=list, description="E-mail addresses.")
    phones: list[str] = strawberry.field(default_factory=list, description="Telephone numbers.")


@strawberry.input(description="An account that is about to be added.")
class PossibleAccountInput:
    """See duplicates.companies.Company."""

    name: str = strawberry.field(description="What the company is called.")
    siren: str | None = strawberry.field(default=None, description="SIREN.")
    siret: str | None = strawberry.field(default=None, description="SIRET.")
    vat_number: str | None = strawberry.field(default=None, description="VAT number of the European Union.")


@strawberry.input(description="What is about to be added: a contact or an account.")
class PossibleDuplicatesInput:
    """One of the two."""

    contact: PossibleContactInput | None = strawberry.field(default=None, description="A contact.")
    account: PossibleAccountInput | None = strawberry.field(default=None, description="An account.")


@strawberry.input(description="A condition on a score. All that are given must hold.")
class ScoreFilter:
    """See _clauses."""

    gte: float | None = strawberry.field(default=None, description="This score or more.")
    lt: float | None = strawberry.field(default=None, description="Less than this score.")


@strawberry.input(description="Which pairs. All the conditions given must hold.")
class DuplicateFilter:
    """See _clauses."""

    kind: list[DuplicateKind] | None = strawberry.field(default=UNSET, description="Pairs of these.")
    state: list[DuplicateState] | None = strawberry.field(default=UNSET, description="In one of these states.")
    score: ScoreFilter | None = strawberry.field(default=UNSET, description="How sure it is.")
    subject_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Pairs of which this contact or account is one."
    )


class DuplicateOrderField(StrEnum):
    """See _COLUMNS."""

    SCORE = "score"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    DuplicateOrderField,
    "What pairs can be ordered by.",
    SCORE="How sure it is.",
    CREATED_AT="When it was found first.",
    UPDATED_AT="When it last changed.",
)
_COLUMNS: Columns = {
    DuplicateOrderField.SCORE: (Pair.score, False),
    DuplicateOrderField.CREATED_AT: (Pair.created_at, False),
    DuplicateOrderField.UPDATED_AT: (Pair.updated_at, False),
}


@strawberry.input(description="One term of an order of pairs.")
class DuplicateOrder:
    """See chassis.graphql.ordering.Term."""

    field: DuplicateOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")
    nulls: Nulls = strawberry.field(default=Nulls.LAST, description="Where what has no value stands.")


@strawberry.input(description="Two contacts, or two accounts, that are not the same.")
class DismissDuplicateInput(Write):
    """See pairs.dismiss."""

    first_id: strawberry.ID = strawberry.field(description="The one.")
    second_id: strawberry.ID = strawberry.field(description="The other.")


@strawberry.input(description="Which pair to reopen.")
class ReopenDuplicateInput(Update):
    """See pairs.reopen."""


@strawberry.input(description="A search over every contact and account.")
class StartDuplicateSearchInput(Write):
    """See jobs.start_search."""


@strawberry.input(description="Which search to stop.")
class CancelDuplicateSearchInput(Update):
    """See jobs.cancel_search."""


@strawberry.type
class DuplicateQueries:
    """Fields of Query."""

    @strawberry.field(
        description="What is there already that may be the same as what is about to be added, best first.",
        extensions=reading(),
    )
    async def possible_duplicates(
        self, info: Info, input: Annotated[PossibleDuplicatesInput, strawberry.argument(description="What it is.")]
    ) -> list[PossibleDuplicate]:
        """Nothing is written."""
        kind, record = await _record(info, input)
        return [PossibleDuplicate.of(kind, each) for each in await queries.like_new(info.context.read, kind, record)]

    @strawberry.field(description="One pair; null if there is none.", extensions=reading())
    async def duplicate(self, info: Info, id: Id) -> DuplicatePair | None:
        """By id."""
        return await DuplicatePair.load(info, parse_id("duplicate", id))

    @strawberry.field(description="Pairs that may be the same, a page at a time.", extensions=reading())
    async def duplicates(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[
            DuplicateFilter | None,
            strawberry.argument(name="filter", description="Which ones; those that are open without it."),
        ] = None,
        order_by: Annotated[
            list[DuplicateOrder] | None, strawberry.argument(description="In which order; surest first without it.")
        ] = None,
    ) -> Connection[DuplicatePair]:
        """By keyset."""
        surest = [DuplicateOrder(field=DuplicateOrderField.SCORE, direction=Direction.DESC)]
        order, paging = orders(order_by or surest, _COLUMNS, Pair.id), Paging.parse(first, after, last, before)
        return await page(info.context.read, queries.PAIR.where(*_clauses(filter_)), order, paging, DuplicatePair.of)

    @strawberry.field(description="One search, with its progress; null if there is none.", extensions=reading())
    async def duplicate_search(self, info: Info, id: Id) -> DuplicateSearch | None:
        """By id."""
        return await DuplicateSearch.load(info, parse_id("duplicate_search", id))

    @strawberry.field(description="Searches over the whole base, newest first.", extensions=reading())
    async def duplicate_searches(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DuplicateSearch]:
        """By keyset."""
        order, paging = [Order(Search.id, descending=True)], Paging.parse(first, after, last, before)
        return await page(info.context.read, queries.SEARCH, order, paging, DuplicateSearch.of)


@strawberry.type
class DuplicateMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Say that two are not the same; this is remembered until it is reopened.",
        extensions=writing(Rule.SETTLE_DUPLICATES),
    )
    async def dismiss_duplicate(
        self, info: Info, input: Annotated[DismissDuplicateInput, strawberry.argument(description="Which two.")]
    ) -> DuplicatePairResult:
        """See pairs.dismiss."""
        kind = _kind(input.first_id, "firstId")
        name = kind.value.lower()
        ids = parse_id(name, input.first_id, "firstId"), parse_id(name, input.second_id, "secondId")
        return await _pair(info, await once(info, input, lambda work: pairs.dismiss(work, kind, ids)))

    @strawberry.mutation(description="Take back that two are not the same.", extensions=writing(Rule.SETTLE_DUPLICATES))
    async def reopen_duplicate(
        self, info: Info, input: Annotated[ReopenDuplicateInput, strawberry.argument(description="Which pair.")]
    ) -> DuplicatePairResult:
        """See pairs.reopen."""
        id = parse_id("duplicate", input.id)
        return await _pair(info, await once(info, input, lambda work: pairs.reopen(work, id, input.expected_version)))

    @strawberry.mutation(
        description="Look for duplicates over the whole base; what changes later is looked at by itself.",
        extensions=writing(Rule.SETTLE_DUPLICATES),
    )
    async def start_duplicate_search(
        self, info: Info, input: Annotated[StartDuplicateSearchInput, strawberry.argument(description="The search.")]
    ) -> DuplicateSearchResult:
        """See jobs.start_search."""
        return await _search(info, await once(info, input, jobs.start_search))

    @strawberry.mutation(description="Stop a search; what it found stays.", extensions=writing(Rule.SETTLE_DUPLICATES))
    async def cancel_duplicate_search(
        self, info: Info, input: Annotated[CancelDuplicateSearchInput, strawberry.argument(description="Which one.")]
    ) -> DuplicateSearchResult:
        """See jobs.cancel_search."""

        async def act(work: UnitOfWork) -> UUID:
            return await jobs.cancel_search(work, parse_id("duplicate_search", input.id), input.expected_version)

        return await _search(info, await once(info, input, act))


def _clauses(filter: DuplicateFilter | None) -> list[ColumnElement[bool]]:
    if not filter:
        return [Pair.state == DuplicateState.OPEN]
    clauses = [*on_choice(Pair.kind, filter.kind), *on_choice(Pair.state, filter.state)]
    if filter.score:
        clauses += [] if filter.score.gte is None else [Pair.score >= filter.score.gte]
        clauses += [] if filter.score.lt is None else [Pair.score < filter.score.lt]
    if filter.subject_id:
        name = _kind(filter.subject_id, "subjectId").value.lower()
        clauses.append(queries.concerns(parse_id(name, filter.subject_id, "subjectId")))
    return clauses


def _kind(id: str, field: str) -> DuplicateKind:
    try:
        return DuplicateKind(kind_of(id).upper())
    except ValueError as error:
        raise InvalidId(field, id, "contact") from error


async def _record(info: Info, input: PossibleDuplicatesInput) -> tuple[DuplicateKind, Any]:
    if (input.contact is None) is (input.account is None):
        raise InvalidInput("input", "Give a contact or an account: one of the two.")
    if input.account is not None:
        return DuplicateKind.ACCOUNT, _company(input.account)
    return DuplicateKind.CONTACT, await _person(info, input.contact)


async def _person(info: Info, told: Any) -> Person:
    if max(len(told.emails), len(told.phones)) > MAX_VALUES:
        raise InvalidInput("contact", f"At most {MAX_VALUES} addresses and {MAX_VALUES} numbers are taken.")
    given = text.optional_line(told.given_name, "contact.givenName") or ""
    family = text.optional_line(told.family_name, "contact.familyName") or ""
    read = info.context.read
    country = values.Country(await read.scalar(select(Organization.country))) if told.phones else None
    emails = [values.parse_email(each, f"contact.emails.{n}") for n, each in enumerate(told.emails)]
    phones = [
        values.parse_phone(each, f"contact.phones.{n}", country or values.DEFAULT_COUNTRY)
        for n, each in enumerate(told.phones)
    ]
    shown = " ".join(filter(None, (given, family)))
    return Person(folded(given), folded(family), shown, tuple(emails), tuple(phones))


def _company(told: PossibleAccountInput) -> Company:
    name = text.line(told.name, "account.name")
    siren = values.parse_siren(told.siren, "account.siren") if told.siren else None
    siret = values.parse_siret(told.siret, "account.siret") if told.siret else None
    vat = values.parse_vat(told.vat_number, "account.vatNumber") if told.vat_number else None
    return Company(folded(name), name, siren or (siret[:9] if siret else None), siret, vat)


async def _pair(info: Info, id: UUID) -> DuplicatePair:
    return DuplicatePair.of(await info.context.load(queries.pairs, id))


async def _search(info: Info, id: UUID) -> DuplicateSearch:
    return DuplicateSearch.of(await info.context.load(queries.searches, id))
