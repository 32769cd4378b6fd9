"""The addresses of a quote's page. GET shows, POST answers: scanners that follow links in mails change nothing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chassis import text
from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError, InvalidInput
from chassis.links import hash_of, looks_like_token
from chassis.pages import WrongTokens, form
from services.deals.commands.quotes.answers import Answer, Signature, answer_quote
from services.deals.pages.base import LinkRefused, Pages
from services.deals.pages.view import context_of, sentence_of
from services.deals.queries import links
from services.deals.tools import Tools
from services.deals.values.papers import shown_number

_MOST_OF_A_REASON = 1_000
_MOST_OF_AN_AGENT = 300

ANSWERS = Counter("liant_deals_quote_answers_total", "Answers on the page of quotes", ["answer"])
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Open:
    """A link that opens, with the rows it shows."""

    token: str
    link: Any
    quote: Any
    lines: Any


class QuotePages(Pages):
    """The handlers, with what they stand on."""

    def __init__(self, database: Database, system: AsyncEngine, tools: Tools, wrong: WrongTokens) -> None:
        super().__init__(database, wrong)
        self._system, self._key = system, tools.office.key

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        return [
            Route("/q/papers/{ticket}", self.guarded(self._ticket_paper), methods=["GET"]),
            Route("/q/{token}", self.guarded(self._page), methods=["GET"]),
            Route("/q/{token}", self.guarded(self._answer), methods=["POST"]),
            Route("/q/{token}/pdf", self.guarded(self._link_paper), methods=["GET"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self._shown(await self._open(request))

    async def _answer(self, request: Request) -> Response:
        opened, given = await self._open(request), await form(request)
        try:
            order = _order(request, opened, given)
            async with self.database.unit_of_work(Actor.system(opened.link.organization_id)) as work:
                work.cause = "page of quotes"
                await answer_quote(work, order)
        except InvalidInput as refused:
            return self._shown(opened, status=422, fault=(refused.path or [""])[0], given=given)
        except DomainError as refused:
            ANSWERS.labels(refused.code).inc()
            return self._shown(await self._open(request), status=409, late=True)
        ANSWERS.labels("ACCEPTED" if order.accepted else "REFUSED").inc()
        return self._shown(await self._open(request), done=True)

    async def _link_paper(self, request: Request) -> Response:
        opened = await self._open(request)
        return await self._paper(opened.link.organization_id, opened.link.quote_id)

    async def _ticket_paper(self, request: Request) -> Response:
        now = self.database.clock().timestamp()
        found = self._key.opened(request.path_params["ticket"], now) if self._key else None
        if found is None:
            raise LinkRefused("LINK_EXPIRED", 410)
        return await self._paper(*found)

    async def _paper(self, organization: UUID, quote: UUID) -> Response:
        async with self.database.read(organization) as session:
            row = await session.first(links.paper(quote))
        if row is None:
            raise LinkRefused("LINK_UNKNOWN", 404)
        name = f"{shown_number(row.number, row.revision)}.pdf"
        told = {"Content-Disposition": f'inline; filename="{name}"'}
        return Response(row.content, media_type="application/pdf", headers=told)

    async def _open(self, request: Request) -> _Open:
        """Reads only. Raises LinkRefused."""
        self.check(request)
        token = request.path_params["token"]
        link = await links.link_of(self._system, hash_of(token)) if looks_like_token(token) else None
        if link is None:
            raise self.unknown(request)
        if link.expires_at <= self.database.clock():
            raise LinkRefused("LINK_EXPIRED", 410)
        async with self.database.read(link.organization_id) as session:
            quote = await links.shown_quote(session, link)
            return _Open(token, link, quote, await session.rows(links.lines(link.quote_id)))

    def _shown(self, opened: _Open, status: int = 200, **more: Any) -> Response:
        context = context_of(opened.quote, opened.lines, self.database.clock())
        told = {"done": False, "late": False, "fault": "", "given": {}, "path": f"/q/{opened.token}", **context, **more}
        return self.html("quote.html", status, **told)


def _order(request: Request, opened: _Open, form: dict[str, str]) -> Answer:
    """Raises InvalidInput naming the field of the form."""
    answer = form.get("answer", "")
    if answer not in {"accept", "refuse"}:
        raise InvalidInput("answer", "Say yes or no.")
    accepted = answer == "accept"
    if accepted and form.get("agreed") != "yes":
        raise InvalidInput("agreed", "The box must be ticked.")
    signature = Signature(
        name=text.line(form.get("name", ""), "name"),
        consent=sentence_of(opened.quote) if accepted else "",
        contact=opened.link.contact_id,
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:_MOST_OF_AN_AGENT],
    )
    reason = text.optional_note(form.get("reason", ""), "reason", most=_MOST_OF_A_REASON) or ""
    return Answer(id=opened.link.quote_id, accepted=accepted, signature=signature, reason="" if accepted else reason)
