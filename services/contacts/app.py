"""Files over HTTP beside the graph: an import's file in; contacts and an import's problems out.

Each address is a ticket that a mutation gave (importing/transfers.py); see docs/decisions/0020-import.md.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from chassis.admission import bounded
from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError
from services.contacts import queries
from services.contacts.exporting import csv_file, vcard_file
from services.contacts.exporting.contacts import exported
from services.contacts.importing import files, jobs
from services.contacts.importing.problems import field_name, message
from services.contacts.importing.transfers import opened
from services.contacts.model import ContactImportProblem, TransferPurpose
from services.contacts.permissions import Rule, check
from services.contacts.privacy.disclosing import check_ready, document
from services.contacts.schema.frozen import thawed
from services.contacts.schema.lists import ContactFilter, on_contacts
from services.contacts.settings import ContactsSettings

_PAGE = 1000
_MEGABYTE = 1 << 20


class TooLarge(Exception):
    """More bytes than are taken."""


def transfer_routes(database: Database, settings: ContactsSettings) -> list[BaseRoute]:
    """`PUT /transfers/upload/…`, `GET /transfers/contacts/…`, `/transfers/problems/…` and `/transfers/person/…`."""
    transfers = _Transfers(database, settings.import_max_bytes)
    return [
        Route("/transfers/upload/{ticket}", transfers.upload, methods=["PUT"]),
        Route("/transfers/contacts/{ticket}", transfers.contacts, methods=["GET"]),
        Route("/transfers/problems/{ticket}", transfers.problems, methods=["GET"]),
        Route("/transfers/person/{ticket}", transfers.person, methods=["GET"]),
    ]


class _Transfers:
    def __init__(self, database: Database, max_bytes: int) -> None:
        self._database = database
        self._max_bytes = max_bytes

    async def upload(self, request: Request) -> Response:
        """Take a file, a piece at a time; what an earlier attempt left is replaced."""
        ticket = await opened(self._database, request.path_params["ticket"], TransferPurpose.UPLOAD)
        if ticket is None:
            return _no_ticket()
        try:
            check(_holder(ticket), Rule.IMPORT_CONTACTS)
            size = await self._take(request, _holder(ticket), UUID(ticket.what["import"]))
        except TooLarge:
            told = message("FILE_TOO_LARGE", ticket.locale, most=self._max_bytes // _MEGABYTE)
            return _refused(413, "FILE_TOO_LARGE", told)
        except DomainError as error:
            return _refused(409, error.code, error.message)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse({"bytes": size})

    async def _take(self, request: Request, actor: Actor, id: UUID) -> int:
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self._max_bytes:
            raise TooLarge
        async with self._database.unit_of_work(actor) as work:
            await jobs.check_awaits_file(work, id)
            await files.drop_chunks(work, id)
        size = position = 0
        async for piece in _pieces(request):
            size += len(piece)
            if size > self._max_bytes:
                raise TooLarge
            async with self._database.unit_of_work(actor) as work:
                await files.put_chunk(work, id, position, piece)
            position += 1
        async with self._database.unit_of_work(actor) as work:
            await jobs.file_arrived(work, id, size)
        return size

    async def contacts(self, request: Request) -> Response:
        """Send the contacts of the filter that the ticket was made for."""
        ticket = await opened(self._database, request.path_params["ticket"], TransferPurpose.CONTACTS)
        if ticket is None:
            return _no_ticket()
        try:
            holder = await self._seeing(ticket)
            check(holder, Rule.EXPORT_CONTACTS)
            chosen = ticket.what.get("filter")
            clauses = on_contacts(None if chosen is None else thawed(ContactFilter, chosen))
        except DomainError as error:
            return _refused(403, error.code, error.message)
        as_vcard = ticket.what["format"] == "VCARD"
        pages = exported(self._database, holder, clauses, photos=as_vcard)
        if as_vcard:
            return _file(_vcards(pages), "contacts.vcf", "text/vcard")
        return _file(_csv(pages, ticket.locale), "contacts.csv", "text/csv")

    async def _seeing(self, ticket: Any) -> Actor:
        """The ticket's holder, with the role they still have and what it sees now."""
        holder = _holder(ticket)
        async with self._database.read(holder.organization) as read:
            return bounded(holder, await queries.caller(read, holder))

    async def problems(self, request: Request) -> Response:
        """Send what was wrong with an import's entries, in its reader's language."""
        ticket = await opened(self._database, request.path_params["ticket"], TransferPurpose.PROBLEMS)
        if ticket is None:
            return _no_ticket()
        return _file(self._problems(ticket), "import-problems.csv", "text/csv")

    async def person(self, request: Request) -> Response:
        """Send all that is kept of a person, to an administrator."""
        ticket = await opened(self._database, request.path_params["ticket"], TransferPurpose.PERSON)
        if ticket is None:
            return _no_ticket()
        id = UUID(ticket.what["export"])
        try:
            check(await self._seeing(ticket), Rule.EXPORT_PERSONS)
            async with self._database.unit_of_work(_holder(ticket)) as work:
                await check_ready(work, id)
        except DomainError as error:
            return _refused(403, error.code, error.message)
        return _file(document(self._database, ticket.organization_id, id), "person.json", "application/json")

    async def _problems(self, ticket: Any) -> AsyncIterator[str]:
        french = ticket.locale == "fr"
        yield csv_file.BOM + csv_file.line(
            ("Ligne", "Champ", "Problème", "Extrait") if french else ("Line", "Field", "Problem", "Excerpt")
        )
        columns, after = ContactImportProblem, 0
        chosen = select(columns.number, columns.line, columns.field, columns.code, columns.excerpt)
        ordered = chosen.where(columns.import_id == UUID(ticket.what["import"])).order_by(columns.number).limit(_PAGE)
        while True:
            async with self._database.read(ticket.organization_id) as read:
                rows = await read.rows(ordered.where(columns.number > after))
            for row in rows:
                told = message(row.code, ticket.locale)
                yield csv_file.line((str(row.line), field_name(row.field, ticket.locale), told, row.excerpt))
            if len(rows) < _PAGE:
                return
            after = rows[-1].number


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        while len(held) >= files.CHUNK_BYTES:
            yield bytes(held[: files.CHUNK_BYTES])
            del held[: files.CHUNK_BYTES]
    if held:
        yield bytes(held)


async def _vcards(pages: AsyncIterator[Any]) -> AsyncIterator[str]:
    async for page in pages:
        yield vcard_file.cards(page)


async def _csv(pages: AsyncIterator[Any], locale: str) -> AsyncIterator[str]:
    yield csv_file.heading(locale)
    async for page in pages:
        yield csv_file.rows(page)


def _file(content: AsyncIterator[str], name: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(content, media_type=f"{kind}; charset=utf-8", headers=headers)


def _holder(ticket: Any) -> Actor:
    return Actor(ticket.organization_id, ticket.collaborator_id, ticket.role)


def _no_ticket() -> Response:
    return _refused(404, "TICKET_EXPIRED", "This address is no longer valid: ask for a new one.")


def _refused(status: int, code: str, told: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": told}}, status_code=status)
