"""Pictures over HTTP: in by ticket, out by signed address."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError, Forbidden
from chassis.pages import body
from services.contacts.commands.loading import check_caller
from services.contacts.commands.pictures import owner_of, set_picture
from services.contacts.importing.transfers import opened
from services.contacts.model import TransferPurpose
from services.contacts.pictures import queries
from services.contacts.pictures.addresses import is_good, parsed
from services.contacts.pictures.errors import PictureRefused
from services.contacts.pictures.preparing import MAX_BYTES, Preparer

_CACHED_SECONDS = 86_400
HEADERS = {
    "Cache-Control": f"private, max-age={_CACHED_SECONDS}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # a front-end of another origin shows it
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def picture_routes(database: Database, preparer: Preparer) -> list[BaseRoute]:
    """`GET /photos/…` and `PUT /transfers/photo/…`."""
    pictures = _Pictures(database, preparer)
    return [
        Route("/photos/{address}", pictures.show, methods=["GET"]),
        Route("/transfers/photo/{ticket}", pictures.take, methods=["PUT"]),
    ]


def jpeg(content: bytes) -> Response:
    """A picture as browsers get it: nothing in it can run, whatever it were."""
    return Response(content, media_type="image/jpeg", headers=HEADERS)


class _Pictures:
    def __init__(self, database: Database, preparer: Preparer) -> None:
        self._database = database
        self._preparer = preparer

    async def show(self, request: Request) -> Response:
        """One size of a picture; 404 for whatever is no good address, without saying why."""
        told = parsed(request.path_params["address"])
        if told is None:
            return _refused(404, "PHOTO_GONE", "There is no photo here: ask for its address again.")
        shown, signature = told
        async with self._database.read(shown.organization) as read:
            row = await queries.rendition(read, shown.picture, shown.side)
        if row is None or not is_good(shown, signature, row.key, self._database.clock()):
            return _refused(404, "PHOTO_GONE", "There is no photo here: ask for its address again.")
        return jpeg(row.content)

    async def take(self, request: Request) -> Response:
        """Take a photo in the name of the ticket's holder."""
        ticket = await opened(self._database, request.path_params["ticket"], TransferPurpose.PHOTO)
        if ticket is None:
            return _refused(404, "TICKET_EXPIRED", "This address is no longer valid: ask for a new one.")
        try:
            prepared = await self._preparer.one(await body_of(request, MAX_BYTES))
            actor = Actor(ticket.organization_id, ticket.collaborator_id, ticket.role)
            async with self._database.unit_of_work(actor) as work:
                await check_caller(work)
                await set_picture(work, *owner_of(ticket.what["owner"]), prepared.renditions, None)
        except DomainError as error:
            return _refused(403 if isinstance(error, Forbidden) else 422, error.code, error.message)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse({"width": prepared.renditions[0].width, "height": prepared.renditions[0].height})


async def body_of(request: Request, most: int) -> bytes:
    """The bytes of a request. Raises PictureRefused as soon as there are more than so many."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise PictureRefused("TOO_LARGE", "content")
    content = await body(request, most)
    if content is None:
        raise PictureRefused("TOO_LARGE", "content")
    return content


def _refused(status: int, code: str, told: str) -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JSONResponse({"error": {"code": code, "message": told}}, status_code=status, headers=headers)
