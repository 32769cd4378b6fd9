"""The page of a publication, for whoever holds a mail's link, and unsubscribing from campaigns.

GET shows and POST acts: that it was read is told by the page once somebody looks at it, not by its being fetched.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError, InvalidInput
from chassis.markdown import to_html
from chassis.pages import asked, form
from proto.notifier.v1.messages_pb2 import Publication as Told
from services.notifier import queries
from services.notifier.errors import LinkUnknown
from services.notifier.letters_of_publications import PUBLISHED
from services.notifier.model import CauseKind
from services.notifier.publications.answering import (
    MAX_WORDS,
    Person,
    Reply,
    answer,
    mark_read,
    subscribe_again,
    unsubscribe,
)
from services.notifier.publications.model import EVERYTHING
from services.notifier.queries import Found

Open = Callable[[Request], Awaitable[Found]]
Html = Callable[..., Response]
Guard = Callable[[Callable[[Request], Awaitable[Response]]], Callable[[Request], Awaitable[Response]]]


class PublicationPages:
    """The handlers; `open_link` raises DomainError, `html` fills a template."""

    def __init__(self, database: Database, open_link: Open, html: Html) -> None:
        self._database, self._open_link, self._html = database, open_link, html

    def routes(self, guarded: Guard) -> list[BaseRoute]:
        """Every address."""
        return [
            Route("/p/{token}", guarded(self._page), methods=["GET"]),
            Route("/p/{token}/read", guarded(self._read), methods=["POST"]),
            Route("/p/{token}/answer", guarded(self._answer), methods=["POST"]),
        ]

    async def unsubscribing(self, request: Request, link: Found, *, done: bool) -> Response:
        """What a contact chooses; a mail program that posts of itself means the category (RFC 8058)."""
        row = await self._row(link)
        told: dict[str, Any] = {
            "locale": row.locale if row else asked(request),
            "category": row.category if row else "",
        }
        if not done or row is None:
            return self._html("unsubscribe_contact.html", 200, **told, state="ASKED")
        what = (await form(request)).get("what", "")
        async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
            if what == "again":
                await subscribe_again(work, link.contact_id, row.id)
            else:
                category = EVERYTHING if what == "all" else row.category
                await unsubscribe(work, link.contact_id, category, row.id)
        state = {"again": "AGAIN", "all": "ALL"}.get(what, "DONE")
        return self._html("unsubscribe_contact.html", 200, **told, state=state)

    async def _page(self, request: Request) -> Response:
        return await self._acting(request, self._shown)

    async def _shown(self, request: Request, link: Found, **more: Any) -> Response:
        if link.cause_kind == CauseKind.PUBLICATION_TEST.value:
            return await self._trial(link)
        row = await self._row(link)
        if row is None or row.status != "PUBLISHED":
            return self._html("withdrawn.html", 410, locale=row.locale if row else asked(request))
        own = row.organization_id == link.organization_id
        reader = await self._reader(link, row.id) if own else None
        told: dict[str, Any] = {
            "reader": reader,
            "asks": bool(row.question) and own,
        }
        return self._said(row, token=request.path_params["token"], trial=False, **told, **more)

    async def _trial(self, link: Found) -> Response:
        async with self._database.read(link.organization_id) as session:
            content = await session.scalar(queries.cause_content(link.cause_kind, link.cause_id))
        told = Told.FromString(content)
        return self._said(told, token="", trial=True, reader=None, asks=bool(told.question))

    def _said(self, row: Any, *, status: int = 200, **more: Any) -> Response:
        said = {"post": row, "options": [*row.options], "body": to_html(row.body), "most": MAX_WORDS}
        told = {"given": {}, "fault": "", "done": False, **said, **more}
        return self._html("publication.html", status, locale=row.locale, **told)

    async def _read(self, request: Request) -> Response:
        async def read(request: Request, link: Found) -> Response:
            if link.cause_kind == CauseKind.PUBLICATION.value:
                async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
                    await mark_read(work, link.cause_id, _person(link))
            return Response(status_code=204)

        return await self._acting(request, read)

    async def _answer(self, request: Request) -> Response:
        async def reply(request: Request, link: Found) -> Response:
            if link.cause_kind != CauseKind.PUBLICATION.value:
                raise LinkUnknown
            given = await form(request)
            said = Reply(given.get("choice", ""), given.get("words", ""))
            try:
                async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
                    await answer(work, link.cause_id, _person(link), said)
            except InvalidInput as refused:
                return await self._shown(request, link, status=422, fault=refused.path[0], given=given)
            return await self._shown(request, link, done=True)

        return await self._acting(request, reply)

    async def _acting(self, request: Request, act: Callable[[Request, Found], Awaitable[Response]]) -> Response:
        try:
            link = await self._open_link(request)
            if link.cause_kind not in PUBLISHED:
                raise LinkUnknown
            return await act(request, link)
        except DomainError as refused:
            if refused.code in ("NOT_FOUND", "NOT_PUBLISHED"):
                return self._html("withdrawn.html", 410, locale=asked(request))
            status = {"LINK_EXPIRED": 410, "TOO_MANY": 429, "NOTHING_ASKED": 409}.get(refused.code, 404)
            return self._html("refused.html", status, locale=asked(request), code=refused.code)

    async def _row(self, link: Found) -> Any:
        async with self._database.read(link.organization_id) as session:
            return await session.first(queries.publication(link.cause_id))

    async def _reader(self, link: Found, id: Any) -> Any:
        async with self._database.read(link.organization_id) as session:
            return await session.first(queries.publication_reader(id, link.collaborator_id, link.contact_id))


def _person(link: Found) -> Person:
    return Person(link.collaborator_id, link.contact_id)
