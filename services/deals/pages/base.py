"""What the pages that strangers open have in common: GET shows, POST acts, and wrong links are counted."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chassis.database import Database
from chassis.pages import WrongTokens, asked, headers, templates

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


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
