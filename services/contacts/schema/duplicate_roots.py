"""Duplicates: the queries, and the mutations that settle them."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.listing import list_field
from chassis.identifiers import parse_id
from chassis.text import folded
from services.contacts import values
from services.contacts.duplicates import jobs, pairs, queries
from services.contacts.duplicates.companies import Company
from services.contacts.duplicates.people import Person
from services.contacts.model import DuplicateKind, Organization
from services.contacts.permissions import Rule
from services.contacts.schema.duplicate_lists import (
    PAIRS,
    SEARCHES,
    DuplicateFilter,
    DuplicateOrder,
    DuplicateSearchFilter,
    DuplicateSearchOrder,
    duplicate_kind,
)
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

    duplicates = list_field(
        lambda: PAIRS,
        DuplicatePair,
        filter=DuplicateFilter,
        order=DuplicateOrder,
        description="Pairs that may be the same, a page at a time.",
        extensions=reading(),
        newest_first=True,
    )

    @strawberry.field(description="One search, with its progress; null if there is none.", extensions=reading())
    async def duplicate_search(self, info: Info, id: Id) -> DuplicateSearch | None:
        """By id."""
        return await DuplicateSearch.load(info, parse_id("duplicate_search", id))

    duplicate_searches = list_field(
        lambda: SEARCHES,
        DuplicateSearch,
        filter=DuplicateSearchFilter,
        order=DuplicateSearchOrder,
        description="Searches over the whole base.",
        extensions=reading(),
        newest_first=True,
    )


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
        kind = duplicate_kind(input.first_id, "firstId")
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
