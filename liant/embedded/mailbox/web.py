"""Pages and JSON over the kept mails, and the switch for faults."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from liant.embedded.mailbox.gallery import gallery_routes
from liant.embedded.mailbox.reading import ReadMail, read
from liant.embedded.mailbox.smtp import Fault, Keeper, listen
from liant.embedded.mailbox.store import StoredMail

_templates = Jinja2Templates(Path(__file__).parent / "templates")
# A mail's HTML is somebody else's: no script, no form, nothing fetched; its links open in a tab of their own.
_SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


class FaultRequest(BaseModel, extra="forbid"):
    """How to treat the next `count` messages."""

    reply: Annotated[str, Field(pattern=r"^[245]\d\d [^\r\n]+$")] | None = None
    hang: Annotated[float, Field(ge=0, le=600)] = 0.0
    count: Annotated[int, Field(ge=1, le=10_000)] = 1


def application(keeper: Keeper, host: str, smtp_port: int) -> Starlette:
    """The whole mailbox: SMTP listens while this application runs."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server = await listen(keeper, host, smtp_port)
        try:
            yield
        finally:
            server.close()

    app = Starlette(
        lifespan=lifespan,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        routes=[
            Route("/", _list_page),
            Route("/healthz", _alive),
            Route("/readyz", _alive),
            Route("/messages", _messages, methods=["GET", "DELETE"]),
            Route("/messages/{number:int}", _message),
            Route("/messages/{number:int}/page", _mail_page),
            Route("/messages/{number:int}/source", _source),
            Route("/messages/{number:int}/html", _html),
            Route("/faults", _faults, methods=["POST", "DELETE"]),
            *gallery_routes(_templates, _SANDBOX),
        ],
    )
    app.state.keeper = keeper
    return app


async def _alive(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _messages(request: Request) -> Response:
    store = _keeper(request).store
    if request.method == "DELETE":
        store.clear()
        return Response(status_code=204)
    after = request.query_params.get("after", "0")
    if not after.isdecimal():
        raise HTTPException(400, "`after` must be a mail's number.")
    return JSONResponse([asdict(read(mail)) for mail in store.all(int(after))])


async def _message(request: Request) -> Response:
    return JSONResponse(asdict(read(_stored(request))))


async def _source(request: Request) -> Response:
    return PlainTextResponse(_stored(request).source, headers={"X-Content-Type-Options": "nosniff"})


async def _html(request: Request) -> Response:
    html = read(_stored(request)).html
    if html is None:
        raise HTTPException(404, "This mail has no HTML part.")
    base = '<base target="_blank">'
    html = _HEAD.sub(lambda head: head.group() + base, html, count=1) if _HEAD.search(html) else base + html
    return HTMLResponse(html, headers={"Content-Security-Policy": _SANDBOX})


async def _list_page(request: Request) -> Response:
    mails: list[ReadMail] = [read(mail) for mail in _keeper(request).store.all()]
    return _templates.TemplateResponse(request, "list.html", {"mails": mails[::-1]})


async def _mail_page(request: Request) -> Response:
    return _templates.TemplateResponse(request, "mail.html", {"mail": read(_stored(request))})


async def _faults(request: Request) -> Response:
    faults = _keeper(request).faults
    if request.method == "DELETE":
        faults.clear()
        return Response(status_code=204)
    try:
        asked = FaultRequest.model_validate_json(await request.body())
    except ValidationError as error:
        return PlainTextResponse(str(error), status_code=400)
    faults.extend([Fault(asked.reply, asked.hang)] * asked.count)
    return JSONResponse({"pending": len(faults)}, status_code=202)


def _stored(request: Request) -> StoredMail:
    mail = _keeper(request).store.get(request.path_params["number"])
    if mail is None:
        raise HTTPException(404, "No mail has this number.")
    return mail


def _keeper(request: Request) -> Keeper:
    keeper: Keeper = request.app.state.keeper
    return keeper
