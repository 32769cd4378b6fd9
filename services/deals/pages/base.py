"""What the pages that strangers open have in common: GET shows, POST acts, and wrong links are counted."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chassis.database import Database
from chassis.pages import WrongTokens, headers, templates

_MOST_BYTES = 8192
_LOCALES = {"fr": "fr", "en": "en"}
_HEADERS = headers()
Answer = Callable[[Request], Awaitable[Response]]


class LinkRefused(Exception):
    """A link that opens nothing; `code` says why."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


class Pages:
    """Handlers of addresses that mails carry."""

    def __init__(self, database: Database, wrong: WrongTokens) -> None:
        """`wrong` is shared by all pages: whoever guesses at one guesses at the others."""
        self.database, self._wrong = database, wrong
        self._templates = templates(Path(__file__).parent / "templates")

    def guarded(self, answer: Answer) -> Answer:
        """An answer with its headers, or the page that says why the link opens nothing."""

        async def guarded(request: Request) -> Response:
            try:
                response = await answer(request)
            except LinkRefused as refused:
                response = self.html("refused.html", refused.status, locale=asked(request), code=refused.code)
            response.headers.update(_HEADERS)
            return response

        return guarded

    def html(self, template: str, status: int, **context: Any) -> Response:
        """A page."""
        return HTMLResponse(self._templates.get_template(template).render(context), status)

    def check(self, request: Request) -> None:
        """Raise LinkRefused for an address that guessed too often."""
        if self._wrong.exhausted(_address(request)):
            raise LinkRefused("TOO_MANY", 429)

    def unknown(self, request: Request) -> LinkRefused:
        """What to raise for a link that is not ours; it is counted."""
        self._wrong.count(_address(request))
        return LinkRefused("LINK_UNKNOWN", 404)


async def form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded body; of one too large, none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return {}
    told = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in told.items()}


def asked(request: Request) -> str:
    """The language that a browser asks for, of those that are spoken."""
    return _LOCALES.get(request.headers.get("accept-language", "")[:2].lower(), "fr")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
