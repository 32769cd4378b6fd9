"""What a publication may say, checked as it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.errors import InvalidInput
from chassis.identifiers import format_id
from chassis.markdown import to_mail_html
from chassis.text import clean, line
from proto.notifier.v1.messages_pb2 import Publication as Told

MAX_BODY = 20_000
MAX_MAIL_BYTES = 60_000
"""Of the body's HTML: mails stay under 100 KB, beyond which Gmail cuts them."""
MAX_OPTIONS = 10
MAX_OPTION = 100
MAX_QUESTION = 300
MAX_AUDIENCE = 100
MAX_FOLLOW_UPS = 5
MAX_FOLLOW_UP_DAYS = 60


@dataclass(frozen=True)
class Values:
    """Values of a publication as they were given; what is None stays as it is."""

    title: str | None = None
    body: str | None = None
    question: str | None = None
    options: Sequence[str] | None = None
    locale: str | None = None
    category: str | None = None
    to_network: bool | None = None
    team_ids: Sequence[UUID] | None = None
    group_ids: Sequence[UUID] | None = None
    feed: bool | None = None
    email: bool | None = None
    follow_up_days: int | None = None
    follow_up_times: int | None = None


def parsed(values: Values) -> dict[str, Any]:
    """What is to be written, by column. Raises InvalidInput."""
    given = {each.name: getattr(values, each.name) for each in fields(values)}
    told = {name: value for name, value in given.items() if value is not None}
    return {name: _PARSE[name](value) if name in _PARSE else value for name, value in told.items()}


def _body(text: str) -> str:
    told = clean(text, "body", most=MAX_BODY, allowed="\n\t")
    if len(to_mail_html(told).encode()) > MAX_MAIL_BYTES:
        raise InvalidInput("body", f"Its HTML has more than {MAX_MAIL_BYTES} bytes: mails would be cut. Shorten it.")
    return told


def _options(options: Sequence[str]) -> list[str]:
    told = [line(each, f"options.{place}", most=MAX_OPTION) for place, each in enumerate(options)]
    if len(told) > MAX_OPTIONS or len(told) == 1 or len(set(told)) < len(told):
        raise InvalidInput("options", f"Give 2 to {MAX_OPTIONS} different ones, or none for an answer in words.")
    return told


def _ids(field: str) -> Any:
    def parse(ids: Sequence[UUID]) -> list[UUID]:
        if len(ids) > MAX_AUDIENCE:
            raise InvalidInput(field, f"At most {MAX_AUDIENCE} are taken.")
        return list(dict.fromkeys(ids))

    return parse


def _locale(text: str) -> str:
    if text not in ("fr", "en"):
        raise InvalidInput("locale", "Mails and pages are in fr or en.")
    return text


def _within(field: str, least: int, most: int) -> Any:
    def parse(value: int) -> int:
        if not least <= value <= most:
            raise InvalidInput(field, f"From {least} to {most}.")
        return value

    return parse


_PARSE: dict[str, Any] = {
    "title": lambda text: line(text, "title"),
    "body": _body,
    "question": lambda text: clean(text, "question", most=MAX_QUESTION),
    "options": _options,
    "locale": _locale,
    "team_ids": _ids("teamIds"),
    "group_ids": _ids("groupIds"),
    "follow_up_days": _within("followUpDays", 0, MAX_FOLLOW_UP_DAYS),
    "follow_up_times": _within("followUpTimes", 0, MAX_FOLLOW_UPS),
}


def told(row: Row[Any] | Any, *, publisher: str = "", test: bool = False) -> Told:
    """The message of a publication's row."""
    return Told(
        id=format_id("publication", row.id),
        kind=row.kind,
        category=row.category,
        title=row.title,
        body=row.body,
        question=row.question,
        options=row.options,
        locale=row.locale,
        publisher=publisher or row.publisher,
        author_id=format_id("collaborator", row.author_id) if row.author_id else "",
        edition=row.edition,
        test=test,
    )
