"""The page on which a contact who is invited says whether they come. GET shows, POST answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from prometheus_client import Counter
from sqlalchemy import Row, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chassis.auth import Actor
from chassis.database import Database
from chassis.errors import DomainError
from chassis.pages import WrongTokens, form
from services.deals.commands.answering import Reply, answer_invitation
from services.deals.model import Attendee, Collaborator, Event, Organization
from services.deals.pages.base import LinkRefused, Pages
from services.deals.queries import copies
from services.deals.tools import Tools
from services.deals.values.attendance import Answer

PURPOSE = "invitation"
"""What the address is a pass for; the notifier makes it by the same word."""
_BUTTONS = {"accept": Answer.ACCEPTED, "maybe": Answer.TENTATIVE, "decline": Answer.DECLINED}

ANSWERS = Counter("liant_deals_invitation_answers_total", "Answers on the page of invitations", ["answer"])


@dataclass(frozen=True, slots=True)
class _Open:
    """An invitation that opens."""

    organization: UUID
    contact: UUID
    row: Row[Any]


class InvitationPages(Pages):
    """The handlers, with what they stand on."""

    def __init__(self, database: Database, tools: Tools, wrong: WrongTokens) -> None:
        super().__init__(database, wrong)
        self._key = tools.office.key

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        return [
            Route("/i/{told_pass}", self.guarded(self._page), methods=["GET"]),
            Route("/i/{told_pass}", self.guarded(self._answer), methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self._shown(await self._open(request))

    async def _answer(self, request: Request) -> Response:
        opened = await self._open(request)
        answer = _BUTTONS.get((await form(request)).get("answer", ""))
        if answer is None:
            return self._shown(opened, status=422)
        if opened.row.cancelled_at is not None:
            return self._shown(opened, status=409)
        try:
            async with self.database.unit_of_work(Actor.system(opened.organization)) as work:
                work.cause = "page of invitations"
                await answer_invitation(work, Reply(event=opened.row.id, person=opened.contact, answer=answer))
        except DomainError as refused:  # cancelled, or left out, since it was opened
            ANSWERS.labels(refused.code).inc()
            return self._shown(await self._open(request), status=409)
        ANSWERS.labels(answer.value).inc()
        return self._shown(await self._open(request), done=True)

    async def _open(self, request: Request) -> _Open:
        """Reads only. Raises LinkRefused."""
        self.check(request)
        told_pass, now = request.path_params["told_pass"], self.database.clock().timestamp()
        found = self._key.passed(PURPOSE, told_pass, now) if self._key else None
        if found is None:
            raise LinkRefused("LINK_EXPIRED", 410) if self._was_ours(told_pass) else self.unknown(request)
        organization, event, contact = found
        async with self.database.read(organization) as session:
            contact = await copies.current_contact(session, contact)
            row = await session.first(_invitation(event, contact))
        if row is None:
            raise LinkRefused("NOT_INVITED", 410)
        return _Open(organization, contact, row)

    def _was_ours(self, told_pass: str) -> bool:
        return self._key is not None and self._key.passed(PURPOSE, told_pass, 0) is not None

    def _shown(self, opened: _Open, status: int = 200, *, done: bool = False) -> Response:
        locale = "en" if opened.row.locale.startswith("en") else "fr"
        when = _when(opened.row, locale)
        return self.html("invitation.html", status, locale=locale, event=opened.row, when=when, done=done)


def _invitation(event: UUID, contact: UUID) -> Any:
    """What the page shows; nothing where the contact is not invited any more."""
    columns = (Event.id, Event.title, Event.starts_at, Event.ends_at, Event.time_zone, Event.place, Event.link)
    return (
        select(*columns, Event.cancelled_at, Event.recurrence, Attendee.answer, Organization.name, Organization.locale)
        .add_columns(Collaborator.name.label("author"))
        .join(Attendee, (Attendee.event_id == Event.id) & (Attendee.person_id == contact))
        .join(Organization, Organization.id == Event.organization_id)
        .outerjoin(Collaborator, Collaborator.id == Event.author_id)
        .where(Event.id == event, Attendee.kind == "contact")
    )


def _when(row: Row[Any], locale: str) -> str:
    zone = ZoneInfo(row.time_zone)
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    last = _time(ends, locale)
    if ends.date() != starts.date():
        last = f"{format_date(ends, 'full', locale=locale)}, {last}"
    named = get_timezone_name(starts, "long", locale=locale)
    return f"{format_date(starts, 'full', locale=locale)}, {_time(starts, locale)} – {last} ({named})"


def _time(at: datetime, locale: str) -> str:
    return str(format_time(at, "short", locale=locale))
