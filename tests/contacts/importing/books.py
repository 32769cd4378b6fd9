"""Address books to read, written here."""

import io
from collections.abc import Sequence

from services.contacts.importing.readers.book import entries, look_at
from services.contacts.importing.readers.card import Card, Skipped


def card(*lines: str, version: str = "4.0") -> str:
    """The text of a vCard."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def found(content: str | bytes, codec: str = "utf-8") -> list[Card | Skipped]:
    """What a file's content is read as."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode(codec))
    return [entry.found for entry in entries(file, look_at(file))]


def cards(content: str | bytes, codec: str = "utf-8") -> list[Card]:
    """The people in it."""
    return [each for each in found(content, codec) if isinstance(each, Card)]


def names(people: Sequence[Card]) -> list[str]:
    """As they are said."""
    return [f"{each.given_name} {each.family_name}".strip() for each in people]
