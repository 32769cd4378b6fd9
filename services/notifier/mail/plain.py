"""User text made safe to stand in a header, a calendar or a paragraph."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

_T = TypeVar("_T")


PARAGRAPHS_LENGTH = 4000
_KEEPS_LINES = {"description": PARAGRAPHS_LENGTH, "body": 20_000}
"""How many characters are kept of each."""
# Overrides and isolates can make a text read as another one (CVE-2021-42574); the rest is invisible or breaks lines.
_DECEPTIVE = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_REMOVED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_DECEPTIVE}]")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{3,}")


class Prepared(str):
    """Text that was made safe where it was written, of any length."""


def one_line(text: str, limit: int = 200) -> str:
    """The text without control characters, bidi controls or line breaks, at most `limit` characters."""
    if len(text) <= limit and _is_one_line(text):
        return text
    return _shorten(_BLANKS.sub(" ", paragraphs(text, limit * 4)).strip(), limit)


def _is_one_line(text: str) -> bool:
    """Whether nothing is to be done: most texts are what they should be."""
    return text.isprintable() and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text)


def paragraphs(text: str, limit: int = PARAGRAPHS_LENGTH) -> str:
    """The text with line breaks as \\n only and nothing invisible, at most `limit` characters."""
    return beginning(text, limit)[0]


def beginning(text: str, limit: int = PARAGRAPHS_LENGTH) -> tuple[str, bool]:
    """`paragraphs`, and whether something was left out."""
    # Cut before the regular expressions too: what comes in may be megabytes.
    head = text[: limit * 2]
    lines = _REMOVED.sub("", _BREAK.sub("\n", head)).replace("\t", " ")
    whole = unicodedata.normalize("NFC", _MANY_LINES.sub("\n\n", lines).strip())
    cut = len(whole) > limit or len(text) > len(head)
    return (whole[: limit - 1].rstrip() + "…" if cut else whole), cut


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cleaned(value: _T) -> _T:
    """A dataclass, tuple, list, dictionary or text with every text in it made safe; only some keep their lines."""
    return _cleaned(value, "")  # type: ignore[no-any-return]  # what comes out is what came in


def _cleaned(value: Any, name: str) -> Any:
    if isinstance(value, str) and not isinstance(value, StrEnum | Prepared):
        return paragraphs(value, _KEEPS_LINES[name]) if name in _KEEPS_LINES else one_line(value, 500)
    if isinstance(value, tuple | list):
        return type(value)(_cleaned(item, name) for item in value)
    if isinstance(value, dict):
        return {_cleaned(key, name): _cleaned(item, name) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _cleaned(getattr(value, field.name), field.name) for field in fields(value)}
        )
    return value
