"""Every mail that the notifier can write, with sample data: wide and narrow, light and dark, in each language."""

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

if TYPE_CHECKING:
    from services.notifier.mail.letter import Letter
    from services.notifier.mail.rendering import Rendered

WIDTHS = (800, 375)
SCHEMES = ("light", "dark")


def gallery_routes(templates: Jinja2Templates, policy: str) -> list[Route]:
    """`/previews`, and each mail below it, served under a content security policy."""

    async def listed(request: Request) -> Response:
        return templates.TemplateResponse(request, "previews.html", {"names": list(_samples())})

    async def shown(request: Request) -> Response:
        told = {"name": request.path_params["name"], "widths": WIDTHS, "schemes": SCHEMES}
        return templates.TemplateResponse(request, "preview.html", {**told, "mail": _rendered(request)})

    async def html(request: Request) -> Response:
        return HTMLResponse(_rendered(request).html, headers={"Content-Security-Policy": policy})

    async def text(request: Request) -> Response:
        return PlainTextResponse(_rendered(request).text)

    return [
        Route("/previews", listed),
        Route("/previews/{name}", shown),
        Route("/previews/{name}/html", html),
        Route("/previews/{name}/text", text),
    ]


def _samples() -> "dict[str, Letter]":
    from services.notifier.mail.preview import samples  # heavy, and only this page needs it

    return dict(samples())


def _rendered(request: Request) -> "Rendered":
    from services.notifier.mail.rendering import render

    letter = _samples().get(request.path_params["name"])
    if letter is None:
        raise HTTPException(404, "No mail has this name: /previews lists them.")
    return render(letter)
