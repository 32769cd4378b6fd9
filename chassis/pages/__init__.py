"""What the pages that links in mails open have in common: looks, headers, and how often an address may be wrong."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.pages.limiter import WrongTokens
from chassis.pages.requests import asked, body, form

__all__ = ["WrongTokens", "asked", "body", "form", "headers", "look", "templates"]

_HERE = Path(__file__).parent


def templates(folder: Path) -> Environment:
    """A service's own templates, which may extend `layout.html`."""
    loader = FileSystemLoader([folder, _HERE / "templates"])
    return Environment(loader=loader, autoescape=True)


def look() -> list[BaseRoute]:
    """`/page/page.css` and `/page/icon.svg`."""
    return [_file(path) for path in sorted((_HERE / "static").iterdir())]


def _file(path: Path) -> Route:
    async def answer(request: Request) -> Response:
        return FileResponse(path)

    return Route(f"/page/{path.name}", answer, methods=["GET"])


def headers(connect: Iterable[str] = (), *, scripts: bool = True) -> Mapping[str, str]:
    """Of every answer: nothing from elsewhere, nothing kept, and no address that holds a token given away."""
    sources = " ".join(["'self'", *connect])
    live = f"script-src 'self'; connect-src {sources}; " if scripts else ""
    policy = (
        f"default-src 'none'; {live}style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }
