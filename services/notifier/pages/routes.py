"""The addresses of the page. GET shows, POST acts: scanners that follow links in mails change nothing."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from chassis.auth import Actor, TokenSigner
from chassis.database import Database, UnitOfWork
from chassis.errors import DomainError
from chassis.pages import WrongTokens, asked, body, headers, look, templates
from services.notifier import metrics
from services.notifier.commands.telling import CATEGORY
from services.notifier.errors import LinkExpired, LinkUnknown
from services.notifier.inbox.commands import opened
from services.notifier.mail.translations import known_locale
from services.notifier.model import Category, CauseKind
from services.notifier.pages.exchange import Exchange, open_link
from services.notifier.pages.publications import PublicationPages
from services.notifier.preferences.commands import categories_of, unsubscribe
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings

_STATIC = Path(__file__).parent / "static"
_MOST_BYTES = 1024

_log = structlog.get_logger(__name__)
Answer = Callable[[Request], Awaitable[Response]]


class Pages:
    """The handlers, with what they stand on."""

    def __init__(self, database: Database, system: AsyncEngine, settings: NotifierSettings) -> None:
        self._database, self._system = database, system
        self._wrong = WrongTokens()
        self._exchange = _exchange(settings)
        self._templates = templates(Path(__file__).parent / "templates")
        self._publications = PublicationPages(database, self._linked, self._html)
        gateway = urlsplit(settings.gateway_url)
        self._headers = headers([f"{gateway.scheme}://{gateway.netloc}"])

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        return [
            Route("/l/{token}", self._guarded(self._page), methods=["GET"]),
            Route("/portfolio", self._guarded(self._portfolio), methods=["GET"]),
            Route("/links/exchange", self._guarded(self._exchanged), methods=["POST"]),
            Route("/u/{token}", self._guarded(self._unsubscribe_page), methods=["GET"]),
            Route("/u/{token}", self._guarded(self._unsubscribe), methods=["POST"]),
            *self._publications.routes(self._guarded),
            *look(),
            Mount("/page", StaticFiles(directory=_STATIC)),
        ]

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> Response:
            response = await answer(request)
            response.headers.update(self._headers)
            return response

        return guarded

    async def _page(self, request: Request) -> Response:
        # The same for every token, right or wrong: only the exchange looks it up.
        return FileResponse(_STATIC / "index.html")

    async def _portfolio(self, request: Request) -> Response:
        # It holds nothing: its token is given to it by whoever opens it, and goes to the gateway alone.
        return FileResponse(_STATIC / "portfolio.html")

    async def _exchanged(self, request: Request) -> Response:
        if self._exchange is None:
            return _refusal(503, "LINKS_OFF", "Links are switched off here: LIANT_NOTIFIER_LINKS_KEY_FILE is not set.")
        try:
            link = await self._open(request, await _token_in(request))
            if link.collaborator_id is None:
                raise LinkUnknown
        except DomainError as refused:
            return _refusal(_STATUS.get(refused.code, 404), refused.code, refused.message)
        metrics.EXCHANGES.labels("OPENED").inc()
        await self._mark_read(link)
        return JSONResponse(self._exchange.answer(link))

    async def _mark_read(self, link: Found) -> None:
        """Only here, where the page's own script asks: a scanner that follows links in mails reads nothing."""
        if link.collaborator_id is not None:
            async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
                await opened(work, link.collaborator_id, link.cause_kind, link.cause_id)

    async def _unsubscribe_page(self, request: Request) -> Response:
        return await self._unsubscribing(request, done=False)

    async def _unsubscribe(self, request: Request) -> Response:
        return await self._unsubscribing(request, done=True)

    async def _unsubscribing(self, request: Request, *, done: bool) -> Response:
        try:
            link = await self._open(request, request.path_params["token"])
        except DomainError as refused:
            return self._html("refused.html", _STATUS.get(refused.code, 404), locale=asked(request), code=refused.code)
        if link.contact_id is not None:
            return await self._publications.unsubscribing(request, link, done=done)
        if done:
            await self._stop_telling(link)
        return self._html("unsubscribe.html", 200, locale=known_locale(link.locale), kind=link.cause_kind, done=done)

    async def _stop_telling(self, link: Found) -> None:
        async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
            for category in await self._categories(work, link):
                await unsubscribe(work, link.collaborator_id, category)

    async def _categories(self, work: UnitOfWork, link: Found) -> list[Category]:
        kind = CauseKind(link.cause_kind)
        if kind is CauseKind.DIGEST:
            return await categories_of(work, link.cause_id)
        return [CATEGORY[kind]] if kind in CATEGORY else []

    async def _linked(self, request: Request) -> Found:
        """The link of the address. Raises DomainError."""
        return await self._open(request, request.path_params["token"])

    async def _open(self, request: Request, token: str) -> Found:
        address = request.client.host if request.client else ""
        if self._wrong.exhausted(address):
            metrics.EXCHANGES.labels("TOO_MANY").inc()
            raise _TooMany
        try:
            return await open_link(self._system, token, self._database.clock())
        except DomainError as refused:
            metrics.EXCHANGES.labels(refused.code).inc()
            if not isinstance(refused, LinkExpired):
                self._wrong.count(address)
            raise

    def _html(self, template: str, status: int, **context: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(context), status)


class _TooMany(DomainError):
    code = "TOO_MANY"

    def __init__(self) -> None:
        super().__init__("Too many wrong links from your address: wait a minute.")


_STATUS = {"LINK_UNKNOWN": 404, "LINK_EXPIRED": 410, "TOO_MANY": 429}


def page_routes(database: Database, system: AsyncEngine, settings: NotifierSettings) -> list[BaseRoute]:
    """The routes that the web part adds."""
    return Pages(database, system, settings).routes()


def _exchange(settings: NotifierSettings) -> Exchange | None:
    if settings.links_key_file is None:
        _log.warning("links in mails will not open: LIANT_NOTIFIER_LINKS_KEY_FILE is not set")
        return None
    return Exchange(TokenSigner.from_file(settings.links_key_file, settings.links_issuer), settings)


async def _token_in(request: Request) -> str:
    """The token of a JSON body; what is no such body holds no token."""
    content = await body(request, _MOST_BYTES)
    if content is None:
        return ""
    try:
        token = orjson.loads(content)["token"]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return ""
    return token if isinstance(token, str) else ""


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)
