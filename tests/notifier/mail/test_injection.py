"""Whatever stands in any field of any letter: the mail has the headers, parts and tags that it would have."""

import email
import email.policy
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.mail.letter import Kind, Letter
from services.notifier.mail.message import compose
from services.notifier.mail.preview import sample, samples
from tests.notifier.mail.test_message import NOW, SENDER, part

Told = TypeVar("Told")

OURS = {
    *("id", "cause", "thread", "locale", "time_zone", "email", "page", "unsubscribe", "recurrence", "rule", "category"),
    *("cadence", "currency", "url", "link", "html"),
}
"""Fields that no user writes, or that were parsed before: identifiers, addresses, and HTML that was made safe."""
NASTY = (
    *("\r\n", "\r", "\n", "\x00", "\x0b", "\x0c", "\x1b", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u2066", "\ufeff"),
    *("\r\nBcc: evil@x.example", "\r\n\r\n<script>", "<script>alert(1)</script>"),
    *('" onclick="x', "<img src=x>", "https://x.example/<a>", "&lt;", "{{ 1 }}", "%0d%0a"),
    *("\r\nEND:VEVENT\r\nBEGIN:VEVENT", ";X=1:", ",", "\\", "=?utf-8?q?a?=", "\r\n."),
    *("é", "漢字", "👩‍💻", "a" * 80, " " * 80, "@", "<", ">", '"', "'", "--", "--=_"),
)
FORMATTING = {*("a", "br", "p", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "hr", "h1", "h2", "h3")}
"""What the Markdown of a message may become."""
TEXT = st.lists(st.sampled_from(NASTY), min_size=1, max_size=12).map("".join)
LETTERS = {letter.kind: letter for _, letter in samples()}


def poisoned(told: Told, text: str, name: str = "") -> Told:
    """The same with this text in every field that a user writes."""
    made: Any = told
    if isinstance(told, str) and type(told) is str:
        made = told if name in OURS or not told else text
    elif is_dataclass(told) and not isinstance(told, type):
        names = [each.name for each in fields(told)]
        made = replace(told, **{each: poisoned(getattr(told, each), text, each) for each in names})
    elif isinstance(told, tuple | list):
        made = type(told)(poisoned(each, text, name) for each in told)
    elif isinstance(told, dict):
        made = {key: poisoned(each, text, name) for key, each in told.items()}
    found: Told = made
    return found


class Tags(HTMLParser):
    """Every tag, its attributes' names, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name in {"href", "src"})


def read(letter: Letter) -> EmailMessage:
    return email.message_from_bytes(compose(letter, SENDER, NOW).content, policy=email.policy.default)


def shape(message: EmailMessage) -> tuple[list[str], list[str]]:
    """Names of the headers, and the parts' types."""
    return [name for name, _ in message.items()], [piece.get_content_type() for piece in message.walk()]


def tags(message: EmailMessage) -> Tags:
    found = Tags()
    found.feed(part(message, "text/html").get_content())
    return found


def lines(message: EmailMessage) -> Iterator[str]:
    """Calendars' properties, unfolded: what a user wrote begins none."""
    for piece in message.walk():
        if piece.get_content_type() == "text/calendar":
            yield from (line.partition(":")[0].partition(";")[0] for line in unfolded(piece.get_content()))


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n", "\n").replace("\n ", "").splitlines()


@pytest.mark.parametrize("kind", LETTERS)
@settings(max_examples=3, deadline=None)
@given(text=TEXT)
def test_nothing_is_injected_into_any_letter(kind: Kind, text: str) -> None:
    told, letter = _plain(kind), poisoned(LETTERS[kind], text)
    raw = compose(letter, SENDER, NOW).content
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    evil = email.message_from_bytes(raw, policy=email.policy.default)
    assert shape(evil) == shape(told)
    assert evil["To"].addresses[0].addr_spec == told["To"].addresses[0].addr_spec
    assert [each.addr_spec for each in evil["From"].addresses] == [SENDER.address]
    page, known = tags(evil), tags(told)
    assert page.tags <= known.tags | FORMATTING
    assert page.attributes <= known.attributes | {"href", "rel", "start", "style"}
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in page.links)
    assert set(lines(evil)) <= set(lines(told))
    assert [*lines(evil)].count("BEGIN") == [*lines(told)].count("BEGIN")
    assert not set("\x00\x0b\x1b\x85\u2028\u202e\u2066") & set(part(evil, "text/plain").get_content())


@cache
def _plain(kind: Kind) -> EmailMessage:
    """The letter with an innocent text in the same fields."""
    return read(poisoned(LETTERS[kind], "x"))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=200))
def test_a_mail_says_what_was_written(text: str) -> None:
    message = read(replace(sample(Kind.EVENT_NOTE), description=text))
    told = "".join(unicodedata.normalize("NFC", text).split())
    assert told in "".join(part(message, "text/plain").get_content().split())
