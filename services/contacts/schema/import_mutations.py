"""Importing and exporting: the mutations, and the queries that follow an import."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.connections import After, Before, Connection, First, Last, Order, Paging, page
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts.importing import jobs, queries, transfers
from services.contacts.model import CustomFieldSubject, TransferPurpose
from services.contacts.permissions import Rule
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.enums import FileFormat, ImportKey
from services.contacts.schema.frozen import frozen
from services.contacts.schema.imports import ContactImport, ImportColumnInput, caller_locale, to_columns
from services.contacts.schema.lists import ContactFilter, on_contacts
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, once

_KNOWN = custom_fields_known(CustomFieldSubject.CONTACT)
ImportId = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="A new import, and where to send its file.")
class ImportStart:
    """See jobs.start_import."""

    import_: ContactImport = strawberry.field(name="import", description="The import.")
    upload_url: str = strawberry.field(
        description="PUT the file's bytes here, within an hour; relative where it begins with /."
    )
    max_bytes: int = strawberry.field(description="The largest file that is taken.")


@strawberry.type(description="A file to fetch.")
class Download:
    """See transfers.issue."""

    url: str = strawberry.field(description="GET it here, within ten minutes; relative where it begins with /.")


ImportResult = Annotated[
    ContactImport | CommonErrors, strawberry.union("ImportResult", description="The import, or why nothing was done.")
]
ImportStartResult = Annotated[
    ImportStart | CommonErrors, strawberry.union("ImportStartResult", description="The import, or why there is none.")
]
DownloadResult = Annotated[
    Download | CommonErrors, strawberry.union("DownloadResult", description="Where the file is, or why there is none.")
]


@strawberry.input(description="A file to import.")
class StartImportInput(Write):
    """See jobs.start_import."""

    file_name: str = strawberry.field(description="Its name, for people.")


@strawberry.input(description="How to run an import.")
class RunImportInput(Update):
    """See jobs.run_import."""

    key: ImportKey = strawberry.field(description="By what entries are recognized as contacts that are there.")
    mapping: list[ImportColumnInput] | None = strawberry.field(
        default=None, description="A CSV's mapping; the one proposed without it. Columns it does not name are left out."
    )
    companies: bool = strawberry.field(
        default=True,
        description="Whether the company that an entry names becomes an account, found by its name or opened as a"
        " suspect, with the contact as its interlocutor; otherwise company and job title are kept in the notes.",
    )


@strawberry.input(description="Which import to stop.")
class CancelImportInput(Update):
    """See jobs.cancel_import."""


@strawberry.input(description="Which import to take back.")
class RevertImportInput(Update):
    """See jobs.revert_import."""


@strawberry.input(description="Which contacts to export.")
class ExportContactsInput:
    """See exporting."""

    format: FileFormat = strawberry.field(description="As what.")
    filter: ContactFilter | None = strawberry.field(default=None, description="Which ones; all without it.")


@strawberry.input(description="Which import's problems to fetch.")
class ExportImportProblemsInput:
    """See model.ContactImportProblem."""

    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.type
class ImportMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Begin an import: send the file where the answer says, then wait for READY.",
        extensions=writing(Rule.IMPORT_CONTACTS),
    )
    async def start_import(
        self, info: Info, input: Annotated[StartImportInput, strawberry.argument(description="The file.")]
    ) -> ImportStartResult:
        """See jobs.start_import."""
        name = text.line(input.file_name, "fileName")
        id = await once(info, input, lambda work: jobs.start_import(work, name))
        url = await address(info, TransferPurpose.UPLOAD, {"import": str(id)})
        most = info.context.tools.import_max_bytes
        return ImportStart(import_=await _shown(info, id), upload_url=url, max_bytes=most)

    @strawberry.mutation(description="Write an import's contacts.", extensions=writing(Rule.IMPORT_CONTACTS))
    async def run_import(
        self, info: Info, input: Annotated[RunImportInput, strawberry.argument(description="How.")]
    ) -> ImportResult:
        """See jobs.run_import."""
        mapping = None if input.mapping is None else to_columns(input.mapping)
        id, locale = parse_id("import", input.id), await caller_locale(info)

        async def act(work: UnitOfWork) -> UUID:
            expected = input.expected_version
            return await jobs.run_import(work, id, mapping, input.key, locale, expected, companies=input.companies)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Stop an import; what it wrote stays until it is reverted.",
        extensions=writing(Rule.IMPORT_CONTACTS),
    )
    async def cancel_import(
        self, info: Info, input: Annotated[CancelImportInput, strawberry.argument(description="Which one.")]
    ) -> ImportResult:
        """See jobs.cancel_import."""
        id = parse_id("import", input.id)
        done = await once(info, input, lambda work: jobs.cancel_import(work, id, input.expected_version))
        return await _shown(info, done)

    @strawberry.mutation(
        description="Take back a whole import: what it added is deleted, what it changed is as before, "
        "unless it changed since.",
        extensions=writing(Rule.IMPORT_CONTACTS),
    )
    async def revert_import(
        self, info: Info, input: Annotated[RevertImportInput, strawberry.argument(description="Which one.")]
    ) -> ImportResult:
        """See jobs.revert_import."""
        id = parse_id("import", input.id)
        done = await once(info, input, lambda work: jobs.revert_import(work, id, input.expected_version))
        return await _shown(info, done)

    @strawberry.mutation(description="Contacts as a file.", extensions=writing(Rule.EXPORT_CONTACTS))
    async def export_contacts(
        self, info: Info, input: Annotated[ExportContactsInput, strawberry.argument(description="Which, as what.")]
    ) -> DownloadResult:
        """See exporting."""
        on_contacts(input.filter)  # a filter that is refused is refused here, where the caller sees why
        await _KNOWN(info, input.filter, None)
        what = {"format": input.format.value, "filter": frozen(input.filter)}
        return Download(url=await address(info, TransferPurpose.CONTACTS, what))

    @strawberry.mutation(
        description="The problems of an import as a CSV, in your language.", extensions=writing(Rule.IMPORT_CONTACTS)
    )
    async def export_import_problems(
        self, info: Info, input: Annotated[ExportImportProblemsInput, strawberry.argument(description="Which one.")]
    ) -> DownloadResult:
        """See model.ContactImportProblem."""
        what = {"import": str(parse_id("import", input.id))}
        return Download(url=await address(info, TransferPurpose.PROBLEMS, what))


@strawberry.type
class ImportQueries:
    """Fields of Query."""

    @strawberry.field(description="One import, with its progress; null if there is none.", extensions=reading())
    async def contact_import(self, info: Info, id: ImportId) -> ContactImport | None:
        """By id."""
        return await ContactImport.load(info, parse_id("import", id))

    @strawberry.field(description="Imports, newest last.", extensions=reading())
    async def contact_imports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ContactImport]:
        """By keyset."""
        order, paging = [Order(model.ContactImport.id)], Paging.parse(first, after, last, before)
        return await page(info.context.read, queries.IMPORT, order, paging, ContactImport.of)


async def address(info: Info, purpose: TransferPurpose, what: dict[str, Any]) -> str:
    """Where a file is fetched or sent, for a while."""
    async with info.context.unit_of_work() as work:
        ticket = await transfers.issue(work, purpose, what)
    return f"{info.context.tools.public_url}/transfers/{purpose.value.lower()}/{ticket}"


async def _shown(info: Info, id: UUID) -> ContactImport:
    return ContactImport.of(await info.context.load(queries.imports, id))
