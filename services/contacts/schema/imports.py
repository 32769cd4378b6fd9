"""Imports, as they are read: what was found in a file, how far it is, what it would give."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import After, Before, Connection, First, Last, Order, Paging, page
from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.contacts.importing import queries
from services.contacts.importing.people import Habits, Person, person
from services.contacts.importing.problems import Problem, field_name, message
from services.contacts.importing.readers.book import Book
from services.contacts.importing.readers.columns import Column
from services.contacts.importing.sampling import sampled_entries
from services.contacts.importing.worker import book_of, mapping_of
from services.contacts.model import ContactImportProblem
from services.contacts.schema.enums import ImportKey, ImportState, Kind, Target
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.parts import SocialLink
from services.contacts.values import Country


@strawberry.type(description="What one column of a CSV is taken for.")
class ImportColumn:
    """See readers.columns.Column."""

    position: int = strawberry.field(description="Its place, from 0.")
    heading: str = strawberry.field(description="Its heading; its number where the file has none.")
    target: Target = strawberry.field(description="What it becomes.")
    kind: Kind = strawberry.field(description="The use of an address or number.")


@strawberry.input(description="What one column of a CSV is to become.")
class ImportColumnInput:
    """See readers.columns.Column."""

    position: int = strawberry.field(description="Its place, from 0.")
    target: Target = strawberry.field(description="What it becomes.")
    kind: Kind = strawberry.field(default=Kind.OTHER, description="The use of an address or number.")


@strawberry.type(description="Something wrong with an entry of a file.")
class ImportProblem:
    """See importing.problems."""

    line: int = strawberry.field(description="The line of the file, from 1.")
    code: str = strawberry.field(description="Fixed, for programs.")
    field: str = strawberry.field(description="What it concerns, in your language; empty for the whole entry.")
    message: str = strawberry.field(description="What is wrong and what becomes of it, in your language.")
    excerpt: str = strawberry.field(description="The beginning of what was there.")

    @classmethod
    def of(cls, line: int, problem: Problem, locale: str) -> Self:
        """In a reader's language."""
        return cls(
            line=line,
            code=problem.code,
            field=field_name(problem.field, locale),
            message=message(problem.code, locale),
            excerpt=problem.excerpt,
        )


@strawberry.type(description="What an entry would give, before anything is written.")
class ImportPreviewEntry:
    """See importing.people.Person."""

    line: int = strawberry.field(description="The line of the file, from 1.")
    name: str | None = strawberry.field(description="The contact's name; null where the entry is left out.")
    emails: list[str] = strawberry.field(description="Its e-mail addresses.")
    phones: list[str] = strawberry.field(description="Its telephone numbers, in E.164.")
    notes: str | None = strawberry.field(description="Its notes.")
    company: str | None = strawberry.field(description="The company whose account it is linked to.")
    job_title: str | None = strawberry.field(description="What it does there.")
    external_id: str | None = strawberry.field(description="Its id in the other program.")
    addresses: list[str] = strawberry.field(description="Its postal addresses, each on one line.")
    tags: list[str] = strawberry.field(description="Its tags; those that do not exist are made.")
    social_links: list[SocialLink] = strawberry.field(description="Where it is on social networks.")
    languages: list[str] = strawberry.field(description="What it speaks (BCP 47).")
    problems: list[ImportProblem] = strawberry.field(description="What is wrong with it.")

    @classmethod
    def of(cls, found: Person, locale: str) -> Self:
        """In a reader's language."""
        told = found.values or {}
        names = (told.get("given_name"), told.get("family_name"))
        return cls(
            line=found.line,
            name=" ".join(filter(None, names)) or None,
            emails=[each.address for each in found.emails],
            phones=[each.number for each in found.phones],
            notes=told.get("notes"),
            company=found.company,
            job_title=found.job_title,
            external_id=found.external_id,
            addresses=[each.one_line for each in found.addresses],
            tags=list(found.tags),
            social_links=[SocialLink.of(each) for each in told.get("social_links", ())],
            languages=[*told.get("languages", ())],
            problems=[ImportProblem.of(found.line, problem, locale) for problem in found.problems],
        )


Mapping = Annotated[
    list[ImportColumnInput] | None, strawberry.argument(description="Another mapping to try; the chosen one without.")
]
Companies = Annotated[
    bool, strawberry.argument(description="Whether companies become accounts, as `RunImportInput.companies` says.")
]


@strawberry.federation.type(keys=["id"], description="Bringing an address book in from a file.")
class ContactImport:
    """See model.ContactImport."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `import_…`.")
    version: int = strawberry.field(description="Grows with every step; give it as `expectedVersion`.")
    file_name: str = strawberry.field(description="The file's name.")
    state: ImportState = strawberry.field(description="How far it is.")
    size_bytes: int | None = strawberry.field(description="The file's size, once it has come.")
    format: str | None = strawberry.field(description="VCARD or CSV, once looked at.")
    source: str | None = strawberry.field(
        description="The program that wrote it: GOOGLE, OUTLOOK, LINKEDIN, THUNDERBIRD, VCARD or FREE."
    )
    encoding: str | None = strawberry.field(description="The encoding that was detected.")
    delimiter: str | None = strawberry.field(description="What separates a CSV's cells.")
    columns: list[ImportColumn] = strawberry.field(description="A CSV's columns, by the mapping chosen or proposed.")
    key: ImportKey = strawberry.field(description="By what entries are recognized as contacts that are there.")
    total: int | None = strawberry.field(description="How many entries the file has.")
    position: int = strawberry.field(description="How many entries are done.")
    created: int = strawberry.field(description="How many contacts were added.")
    updated: int = strawberry.field(description="How many entries changed a contact.")
    unchanged: int = strawberry.field(description="How many entries told nothing new.")
    skipped: int = strawberry.field(description="How many entries were left out; `problems` says why.")
    problem_count: int = strawberry.field(description="How many problems; before it runs, of the first 1,000.")
    accounts: int = strawberry.field(description="How many accounts were opened for the companies that entries name.")
    interlocutors: int = strawberry.field(description="How many contacts were linked to a company.")
    reverted: int = strawberry.field(description="How many contacts, links and accounts a revert put back.")
    kept: int = strawberry.field(description="How many of these a revert left alone: they changed since.")
    created_at: datetime = strawberry.field(description="When it was started.")
    updated_at: datetime = strawberry.field(description="When it last moved.")

    @strawberry.field(description="Who started it.")
    async def created_by(self, info: Info) -> Collaborator | None:
        """The importer."""
        return await Collaborator.load(info, self.row.created_by_id)

    @strawberry.field(description="Why it cannot go on, in your language; null unless FAILED.")
    async def failure(self, info: Info) -> str | None:
        """A sentence for people."""
        return message(self.row.failure, await caller_locale(info)) if self.row.failure else None

    @strawberry.field(description="What the first entries give by a mapping, before anything is written.")
    async def preview(
        self, info: Info, mapping: Mapping = None, companies: Companies = True
    ) -> list[ImportPreviewEntry]:
        """The file's first entries."""
        if self.row.book is None:
            return []
        locale = await caller_locale(info)
        country = await info.context.load(queries.countries, info.context.actor.organization)
        habits = Habits(Country(country), locale, companies)
        chosen = mapping_of(self.row.mapping) if mapping is None else to_columns(mapping)
        sample = await info.context.load(queries.samples, self.row.id)
        found = sampled_entries(sample, book_of(self.row.book), chosen)
        return [ImportPreviewEntry.of(person(entry, habits), locale) for entry in found]

    @strawberry.field(description="What is wrong with entries, in the file's order.")
    async def problems(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ImportProblem]:
        """By keyset."""
        locale, paging = await caller_locale(info), Paging.parse(first, after, last, before)
        statement = queries.PROBLEM.where(ContactImportProblem.import_id == self.row.id)

        def shown(row: Row[Any]) -> ImportProblem:
            return ImportProblem.of(row.line, Problem(row.code, row.field, row.excerpt), locale)

        return await page(info.context.read, statement, [Order(ContactImportProblem.number)], paging, shown)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.IMPORT."""
        book = book_of(row.book) if row.book else None
        return cls(
            row=row,
            id=strawberry.ID(format_id("import", row.id)),
            version=row.version,
            file_name=row.file_name,
            state=row.state,
            size_bytes=row.size_bytes,
            format=book.format if book else None,
            source=book.flavour if book else None,
            encoding=book.encoding if book else None,
            delimiter=book.delimiter if book else None,
            columns=_columns(book, mapping_of(row.mapping)) if book else [],
            key=row.key,
            total=row.total,
            position=row.position,
            created=row.created_count,
            updated=row.updated_count,
            unchanged=row.unchanged_count,
            skipped=row.skipped_count,
            problem_count=row.problem_count,
            accounts=row.accounts_count,
            interlocutors=row.interlocutors_count,
            reverted=row.reverted_count,
            kept=row.kept_count,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        return await cls.load(info, parse_id("import", id))

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.load(queries.imports, id)
        return cls.of(row) if row else None


def to_columns(mapping: list[ImportColumnInput]) -> list[Column]:
    """The readers' form of a mapping."""
    return [Column(column.position, column.target, column.kind.value) for column in mapping]


async def caller_locale(info: Info) -> str:
    """The caller's language."""
    told: str = await info.context.load(queries.locales, info.context.actor.collaborator)
    return told


def _columns(book: Book, mapping: list[Column] | None) -> list[ImportColumn]:
    chosen = {column.position: column for column in (book.mapping if mapping is None else mapping)}
    return [
        _column(heading, chosen.get(position, Column(position, Target.IGNORE)))
        for position, heading in enumerate(book.headers)
    ]


def _column(heading: str, column: Column) -> ImportColumn:
    return ImportColumn(position=column.position, heading=heading, target=column.target, kind=Kind(column.kind))
