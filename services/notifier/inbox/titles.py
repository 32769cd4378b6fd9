"""What an item says in a line. Pure."""

from services.notifier.letters_of_digests import line_of
from services.notifier.mail.wording import Wording
from services.notifier.model import CauseKind

_LONGEST = 200


def title_of(kind: CauseKind, content: bytes, locale: str) -> str:
    """In the reader's language, cut to a line."""
    line = line_of(kind, content)
    said = Wording(locale, "UTC").line(line)
    about = f" · {line.about}" if line.reply and line.about else ""
    return " ".join(f"{said}{about}".split())[:_LONGEST]
