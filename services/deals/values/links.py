"""Addresses of what is kept elsewhere, and labels."""

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from chassis import text
from chassis.errors import InvalidInput

LONGEST_URL = 2_000
MOST_TAGS = 30
MOST_OF_A_TAG = 50


class DocumentKind(StrEnum):
    """What a document is."""

    CONTRACT = "CONTRACT"
    PROPOSAL = "PROPOSAL"
    INVOICE = "INVOICE"
    PLAN = "PLAN"
    PHOTO = "PHOTO"
    OTHER = "OTHER"


def url(value: str, field: str) -> str:
    """An http or https address that a browser may follow. Raises InvalidInput."""
    told = text.line(value, field, most=LONGEST_URL)
    try:
        parts = urlsplit(told)
        sound = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None and " " not in told
        )
        _ = parts.port
    except ValueError:
        sound = False
    if not sound:
        raise InvalidInput(field, "Give an address as https://example.org/file, without a name or password in it.")
    return told


def tags(values: Iterable[str], field: str) -> list[str]:
    """Labels, each once whatever its case, in order. Raises InvalidInput."""
    told = [text.line(value, field, most=MOST_OF_A_TAG) for value in values]
    once = list({tag.casefold(): tag for tag in reversed(told)}.values())[::-1]
    if len(once) > MOST_TAGS:
        raise InvalidInput(field, f"At most {MOST_TAGS} tags.")
    return once
