"""Addresses that people open from mails. GET shows, POST acts: scanners that follow links change nothing.

Each answers a browser with a page and a front-end, which sends `Accept: application/json`, with JSON.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.errors import DomainError, Forbidden
from chassis.identifiers import format_id, parse_id
from chassis.pages import body
from services.contacts import values
from services.contacts.doors import people
from services.contacts.doors.sessions import Doors, Session
from services.contacts.errors import LinkExpired, LinkUnknown, LinkUsed

MOST_BYTES = 4096
_STATUS = {LinkUnknown: 404, LinkUsed: 410, LinkExpired: 410, Forbidden: 403}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
Answer = Callable[[Request], Awaitable[Response]]


def door_routes(doors: Doors, front_url: str) -> list[BaseRoute]:
    """`/invitations/{token}`, `/sign-in` and `/sign-in/{token}`."""
    pages = _Pages(doors, front_url)
    return [
        Route("/invitations/{token}", pages.guarded(pages.invitation), methods=["GET"]),
        Route("/invitations/{token}", pages.guarded(pages.accept), methods=["POST"]),
        Route("/sign-in", pages.guarded(pages.ask), methods=["GET"]),
        Route("/sign-in", pages.guarded(pages.request), methods=["POST"]),
        Route("/sign-in/{token}", pages.guarded(pages.sign_in), methods=["GET"]),
        Route("/sign-in/{token}", pages.guarded(pages.exchange), methods=["POST"]),
    ]


class _Pages:
    def __init__(self, doors: Doors, front_url: str) -> None:
        self._doors, self._front_url = doors, front_url
        self._templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)

    def guarded(self, answer: Answer) -> Answer:
        """With its headers, and refusals as answers."""

        async def guarded(request: Request) -> Response:
            try:
                response = await answer(request)
            except DomainError as error:
                response = self._refused(request, error)
            response.headers.update(_HEADERS)
            return response

        return guarded

    async def invitation(self, request: Request) -> Response:
        """Who invites to what; nothing is changed."""
        found, organization = await self._doors.invitation(request.path_params["token"])
        if _wants_json(request):
            told = {"organization": organization.name, "name": found.name, "email": found.email}
            return JSONResponse({**told, "role": found.role.value, "expiresAt": found.expires_at.isoformat()})
        return self._html("invitation.html", found.locale, organization=organization.name, name=found.name)

    async def accept(self, request: Request) -> Response:
        """Become a collaborator."""
        session = await self._doors.accepted(request.path_params["token"], None)
        return self._entered(request, session)

    async def ask(self, request: Request) -> Response:
        """Where an address is given."""
        return self._html("sign_in.html", _language(request), step="ask")

    async def request(self, request: Request) -> Response:
        """Have a link mailed. The answer is the same for every address."""
        email = values.parse_email(str((await _body(request)).get("email", "")), "email")
        await people.request(self._doors.database, self._doors.system, email)
        if _wants_json(request):
            return JSONResponse({"sent": True}, 202)
        return self._html("sign_in.html", _language(request), step="sent", status=202)

    async def sign_in(self, request: Request) -> Response:
        """A button; the link is not used by looking at it, and not looked up."""
        self._doors.keeper.sign_in(request.path_params["token"])
        return self._html("sign_in.html", _language(request), step="confirm")

    async def exchange(self, request: Request) -> Response:
        """Sign in; `organization` chooses among several."""
        wanted = (await _body(request)).get("organization")
        organization = parse_id("organization", str(wanted), "organization") if wanted else None
        session = await self._doors.signed_in(request.path_params["token"], organization)
        return self._entered(request, session)

    def _entered(self, request: Request, session: Session) -> Response:
        if _wants_json(request):
            return JSONResponse(_told(session))
        locale = session.current.locale if session.current else _language(request)
        where = f"{self._front_url}#token={session.token}" if self._front_url and session.token else ""
        return self._html("entered.html", locale, session=session, where=where)

    def _refused(self, request: Request, error: DomainError) -> Response:
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
        if _wants_json(request):
            return JSONResponse({"error": {"code": error.code, "message": error.message}}, status)
        return self._html("refused.html", _language(request), code=error.code, status=status)

    def _html(self, template: str, locale: str, *, status: int = 200, **context: Any) -> Response:
        text = self._templates.get_template(template).render(fr=locale != "en", **context)
        return HTMLResponse(text, status)


def _told(session: Session) -> dict[str, Any]:
    return {
        "accessToken": session.token,
        "expiresAt": session.expires_at.isoformat(),
        "organization": format_id("organization", session.current.organization_id) if session.current else None,
        "memberships": [
            {
                "organization": format_id("organization", each.organization_id),
                "organizationName": each.organization_name,
                "collaborator": format_id("collaborator", each.id),
                "role": each.role.value,
                "email": each.email,
            }
            for each in session.memberships
        ],
    }


async def _body(request: Request) -> dict[str, Any]:
    """A form's or a JSON object's fields; what is neither has none."""
    content = await body(request, MOST_BYTES)
    if content is None:
        return {}
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            told = orjson.loads(content)
        except orjson.JSONDecodeError:
            return {}
        return told if isinstance(told, dict) else {}
    return {name: found[0] for name, found in parse_qs(content.decode("utf-8", "replace")).items()}


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _language(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "fr"
