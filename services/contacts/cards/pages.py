"""The pages of cards, for whoever has a link. GET shows, POST acts: programs that fetch links change nothing."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError
from chassis.links import hash_of, new_token
from chassis.pages import headers, templates
from chassis.pages.limiter import WrongTokens as Limiter
from services.contacts.cards import forms, qr, queries, vcard
from services.contacts.cards.content import Content
from services.contacts.cards.wording import chosen, words
from services.contacts.commands import exchanges
from services.contacts.commands.exchanges import Opened
from services.contacts.model import ExchangeState
from services.contacts.settings import ContactsSettings
from services.contacts.values import show_phone

_HERE = Path(__file__).parent
_PHOTO_SIDE = 320
_Answer = Callable[[Request], Awaitable[Response]]


class _Refused(Exception):
    """A page that says why there is nothing: a status and a key of wording's `gone`."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def card_routes(database: Database, settings: ContactsSettings) -> list[BaseRoute]:
    """`/c/<token>`: a card; `/x/<token>`: an exchange, as a visitor without an account follows it."""
    return _Pages(database, settings).routes()


class _Pages:
    def __init__(self, database: Database, settings: ContactsSettings) -> None:
        self._database = database
        self._base = settings.public_url.rstrip("/")
        self._wrong = Limiter(settings.card_wrong_burst, settings.card_wrong_per_minute)
        self._sent = Limiter(settings.card_forms_burst, settings.card_forms_per_minute)
        self._templates = templates(_HERE / "templates")
        self._templates.filters |= {"phone": show_phone, "initials": _initials}
        self._headers = headers(scripts=False)

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        told = {
            "/c/{token}": self._card,
            "/c/{token}/card.vcf": self._vcard,
            "/c/{token}/photo": self._photo,
            "/c/{token}/qr.svg": self._svg,
            "/c/{token}/qr.png": self._png,
            "/x/{token}": self._visit,
            "/x/{token}/card.vcf": self._visit_vcard,
        }
        return [
            *(Route(path, self._guarded(answer), methods=["GET"]) for path, answer in told.items()),
            Route("/c/{token}/exchange", self._guarded(self._propose), methods=["POST"]),
            Route("/x/{token}", self._guarded(self._end_visit), methods=["POST"]),
            Mount("/cards", StaticFiles(directory=_HERE / "static")),
        ]

    def _guarded(self, answer: _Answer) -> _Answer:
        async def guarded(request: Request) -> Response:
            try:
                response = await answer(request)
            except _Refused as refused:
                response = self._html(request, "gone.html", refused.status, reason=refused.reason)
            response.headers.update({**self._headers, **_own(response)})
            return response

        return guarded

    async def _card(self, request: Request) -> Response:
        link = await self._opened(request)
        return await self._shown(request, link, forms.EMPTY, None)

    async def _shown(self, request: Request, link: Opened, given: forms.Given, problem: str | None) -> Response:
        row, content = await self._read(link)
        here = self._here(request)
        return self._html(
            request,
            "card.html",
            422 if problem else 200,
            row.locale,
            card=content,
            photo=f"{here}/photo" if row.photo else None,
            here=here,
            fields=forms.fields(chosen(row.locale, _accepted(request))),
            given=given,
            token=new_token(),
            problem=problem and words(chosen(row.locale, _accepted(request)))["problems"][problem],
        )

    async def _propose(self, request: Request) -> Response:
        """The visitor's card is kept, and they get the address where the answer will be."""
        link = await self._opened(request)
        given = await forms.read(request)
        if given.trapped:  # a program filled in what no person sees: it is answered as if all were well
            return RedirectResponse(f"{self._base}/c/{request.path_params['token']}", 303)
        if self._sent.exhausted(_address(request)):
            return await self._shown(request, link, given, "TOO_MANY")
        try:
            country = await self._country(link.organization_id)
            content = forms.parsed(given, country)
            self._sent.count(_address(request))
            async with self._database.unit_of_work(Actor.system(link.organization_id)) as work:
                message = forms.message(given)
                await exchanges.propose_as_visitor(work, link, content, message, hash_of(given.token))
        except forms.Incomplete as incomplete:
            return await self._shown(request, link, given, incomplete.problem)
        except exchanges.TooManyProposals:
            return await self._shown(request, link, given, "TOO_MANY")
        except DomainError as refused:
            return await self._shown(request, link, given, forms.problem_of(refused))
        return RedirectResponse(f"{self._base}/x/{given.token}", 303)

    async def _vcard(self, request: Request) -> Response:
        link = await self._opened(request)
        row, content = await self._read(link)
        picture = await self._picture(link) if row.photo else None
        source = f"{self._here(request)}/card.vcf" if self._base else ""
        return _file(vcard.written(content, link.card_id, row.updated_at, source, picture), content.name)

    async def _photo(self, request: Request) -> Response:
        link = await self._opened(request)
        row, _ = await self._read(link)
        picture = await self._picture(link) if row.photo else None
        if picture is None:
            raise _Refused(404, "UNKNOWN")
        return Response(picture, media_type="image/jpeg")

    async def _svg(self, request: Request) -> Response:
        await self._opened(request)
        return Response(qr.svg(self._absolute(request)), media_type="image/svg+xml")

    async def _png(self, request: Request) -> Response:
        await self._opened(request)
        return Response(qr.png(self._absolute(request)), media_type="image/png")

    async def _visit(self, request: Request) -> Response:
        _, row, card = await self._visited(request)
        content = Content.of_json(card.content) if card is not None else None
        expired = row.state is ExchangeState.PROPOSED and row.expires_at <= self._database.clock()
        locale = card.locale if card is not None else None
        told = {"state": "EXPIRED" if expired else row.state.value, "card": content, "here": self._here(request, "x")}
        return self._html(request, "visit.html", 200, locale, **told)

    async def _visit_vcard(self, request: Request) -> Response:
        _, _, card = await self._visited(request)
        if card is None:
            raise _Refused(404, "UNKNOWN")
        content = Content.of_json(card.content)
        return _file(vcard.written(content, card.id, card.updated_at), content.name)

    async def _end_visit(self, request: Request) -> Response:
        organization, row, _ = await self._visited(request)
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            await exchanges.end_as_visitor(work, row.id)
        return RedirectResponse(self._here(request, "x"), 303)

    async def _visited(self, request: Request) -> tuple[UUID, Any, Any]:
        """An exchange, and the card that is shared in it, once it is."""
        found = await self._looked_up(request, queries.visit_of)
        if found is None:
            raise self._wrong_token(request)
        organization, id = found
        async with self._database.read(organization) as read:
            (row,) = await queries.exchanges(read, [id])
            if row is None:
                raise _Refused(404, "UNKNOWN")
            shared = await queries.cards(read, [row.card_id]) if row.state is ExchangeState.ACCEPTED else [None]
        return organization, row, shared[0]

    async def _opened(self, request: Request) -> Opened:
        now = self._database.clock()
        link: Opened | None
        link, known = await self._looked_up(request, lambda database, token: queries.link_of(database, token, now))
        if link is None:
            raise _Refused(410, "GONE") if known else self._wrong_token(request)
        return link

    async def _looked_up(self, request: Request, look: Callable[[Database, str], Awaitable[Any]]) -> Any:
        if self._wrong.exhausted(_address(request)):
            raise _Refused(429, "TOO_MANY")
        return await look(self._database, request.path_params["token"])

    def _wrong_token(self, request: Request) -> _Refused:
        self._wrong.count(_address(request))
        return _Refused(404, "UNKNOWN")

    async def _read(self, link: Opened) -> tuple[Any, Content]:
        async with self._database.read(link.organization_id) as read:
            row = await read.first(queries.shown_card(link.card_id))
        if row is None:
            raise _Refused(410, "GONE")
        return row, Content.of_json(row.content)

    async def _picture(self, link: Opened) -> bytes | None:
        async with self._database.read(link.organization_id) as read:
            return await queries.photo_of_collaborator(read, link.collaborator_id, _PHOTO_SIDE)

    async def _country(self, organization: UUID) -> Any:
        async with self._database.read(organization) as read:
            return await queries.country(read)

    def _here(self, request: Request, kind: str = "c") -> str:
        return f"{self._base}/{kind}/{request.path_params['token']}"

    def _absolute(self, request: Request) -> str:
        """What a telephone opens: without a public address, the one that this request came by."""
        return self._here(request) if self._base else str(request.url.replace(path=self._here(request), query=""))

    def _html(
        self, request: Request, template: str, status: int, locale: str | None = None, **context: Any
    ) -> Response:
        language = chosen(locale, _accepted(request))
        told = {"locale": language, "t": words(language), "base": self._base, **context}
        headers = {"Content-Language": language, "Vary": "Accept-Language"}
        return HTMLResponse(self._templates.get_template(template).render(told), status, headers=headers)


def _own(response: Response) -> dict[str, str]:
    """A file may say more of itself than a page does."""
    return {name: response.headers[name] for name in ("content-disposition",) if name in response.headers}


def _file(text: str, name: str) -> Response:
    bare = "".join(each for each in name if each.isascii() and each.isalnum()) or "card"
    headers = {"Content-Disposition": f'attachment; filename="{bare}.vcf"'}
    return Response(text, media_type="text/vcard; charset=utf-8", headers=headers)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _accepted(request: Request) -> str:
    return request.headers.get("accept-language", "")


def _initials(name: str) -> str:
    return "".join(each[0] for each in name.split()[:2]).upper()
