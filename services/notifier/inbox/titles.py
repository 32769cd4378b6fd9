"""What an item says in a line. Pure."""

from services.notifier.letters_of_digests import line_of
from services.notifier.mail.translations import known_locale
from services.notifier.model import CauseKind

_LONGEST = 200


def title_of(kind: CauseKind, content: bytes, locale: str) -> str:
    """In the reader's language, cut to a line."""
    line = line_of(kind, content)
    words = line.alarm.words.get(known_locale(locale)) if line.alarm else None
    said = words.reason if words else line.alarm.rule.replace("_", " ") if line.alarm else line.text
    return " ".join(said.split())[:_LONGEST]
