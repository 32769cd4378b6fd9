"""Headers as they stand in a message: ASCII, folded, and never more than the one that is meant (RFC 5322, RFC 2047).

The standard library's folding breaks tokens, and loses spaces beside long runs of other scripts.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterable, Iterator

_LINE = "\r\n"
_LONGEST_LINE = 998  # RFC 5322 2.1.1, without CRLF
_WORD_LINE = 76  # RFC 2047 2
_WORD_MARKS = len("=?utf-8?b??=")
_WORD_BYTES = 45
_ENDS = re.compile("[\r\n]")


def token_header(name: str, value: str) -> str:
    """A header that is one token, or tokens between spaces: never folded or encoded. Raises ValueError."""
    return _checked(name, _whole(name, value))


def text_header(name: str, value: str) -> str:
    """A header that a person reads. Raises ValueError."""
    return _checked(name, _encoded(_whole(name, value), len(name) + 2))


def mailbox_header(name: str, people: Iterable[tuple[str, str]]) -> str:
    """A header of names and addresses. Raises ValueError."""
    told = [(_whole(name, person), _whole(name, address)) for person, address in people]
    return _checked(name, f",{_LINE} ".join(_mailbox(*one, len(name) + 2) for one in told))


def _whole(name: str, value: str) -> str:
    if _ENDS.search(value):
        raise ValueError(f"The header {name} would end within its value.")
    return value


def _checked(name: str, value: str) -> str:
    folded = f"{name}: {value}"
    for line in folded.split(_LINE):
        if len(line) > _LONGEST_LINE or not line.isascii() or not line.isprintable():
            raise ValueError(f"The header {name} cannot stand on its lines.")
    return folded + _LINE


def _mailbox(name: str, address: str, before: int) -> str:
    if not name:
        return address
    if not _is_plain(name):
        return f"{_encoded(name, before)}{_LINE} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _encoded(text: str, before: int) -> str:
    return text if _is_plain(text) else f"{_LINE} ".join(_words(text, before))


def _words(text: str, before: int) -> Iterator[str]:
    """Encoded words of whole characters, one a line (RFC 2047, 2 and 5); `before` stands on the first line already."""
    room, word = (_WORD_LINE - before - _WORD_MARKS) // 4 * 3, bytearray()
    for character in text:
        told = character.encode()
        if len(word) + len(told) > room:
            yield _word(word)
            room, word = _WORD_BYTES, bytearray()
        word += told
    yield _word(word)


def _word(told: bytes | bytearray) -> str:
    return f"=?utf-8?b?{b2a_base64(told, newline=False).decode()}?="


def _is_plain(text: str) -> bool:
    # "=?" would be read as an encoded word.
    return text.isascii() and "=?" not in text
