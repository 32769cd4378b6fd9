"""Text that people type, made safe to store and to show: length, control and bidirectional characters."""

import unicodedata

from chassis.errors import InvalidInput

MAX_LINE = 200
MAX_NOTE = 20_000

# A name that reorders the text around it can lie in a list or an e-mail (Unicode TR 36, section 2).
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
REFUSED = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def line(text: str, field: str, *, most: int = MAX_LINE) -> str:
    """One line, trimmed and in normal form C. Raises InvalidInput where it is empty, too long or holds controls."""
    told = clean(text, field, most=most)
    if not told:
        raise InvalidInput(field, "It must not be empty.")
    return told


def optional_line(text: str | None, field: str, *, most: int = MAX_LINE) -> str | None:
    """Like `line`; None where there is nothing but space."""
    return clean(text, field, most=most) or None if text is not None else None


def optional_note(text: str | None, field: str, *, most: int = MAX_NOTE) -> str | None:
    """Like `optional_line`, over several lines."""
    return clean(text, field, most=most, allowed="\n\t") or None if text is not None else None


def clean(text: str, field: str, *, most: int, allowed: str = "") -> str:
    """Trimmed and in normal form C, possibly empty. Raises InvalidInput."""
    if len(text) > most:
        raise InvalidInput(field, f"It has {len(text)} characters; at most {most} are taken.")
    told = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    for character in told:
        if character not in allowed and (character in BIDI or unicodedata.category(character) in REFUSED):
            raise InvalidInput(field, f"It holds a character that cannot be kept: U+{ord(character):04X}.")
    return told


def folded(text: str) -> str:
    """What a name is sorted by, as a French dictionary does: without accents, case and punctuation.

    Stored beside the name, since not every PostgreSQL is built with linguistic collations.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
