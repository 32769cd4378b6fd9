"""Bytes written once with a blank in them, and filled for each reader."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SOFT_BREAK = b"=\r\n"  # that quoted-printable may put anywhere


@dataclass(frozen=True)
class Blanked:
    """`pieces` stand around the blanks; each of `breaks` is where a line ends within the blank, 0 for nowhere."""

    pieces: tuple[bytes, ...]
    breaks: tuple[int, ...]

    @classmethod
    def of(cls, content: bytes, blank: str) -> "Blanked":
        """Find the blank, which is random: nothing that a user wrote can hold it."""
        if not blank:
            return cls((content,), ())
        pieces, breaks, end = [], [], 0
        for found in _anywhere(blank).finditer(content):
            pieces.append(content[end : found.start()])
            breaks.append(max(found[0].find(_SOFT_BREAK), 0))
            end = found.end()
        return cls((*pieces, content[end:]), tuple(breaks))

    def filled(self, token: str) -> bytes:
        """With a token as long as the blank, of letters that stand for themselves wherever the blank does."""
        if not self.breaks:
            return self.pieces[0]
        told = token.encode("ascii")
        filled = [self.pieces[0]]
        for at, piece in zip(self.breaks, self.pieces[1:], strict=True):
            filled += (told[:at], _SOFT_BREAK, told[at:], piece) if at else (told, piece)
        return b"".join(filled)


@lru_cache(maxsize=16)
def _anywhere(blank: str) -> re.Pattern[bytes]:
    letters = (re.escape(letter.encode("ascii")) for letter in blank)
    return re.compile((b"(?:%b)?" % re.escape(_SOFT_BREAK)).join(letters))
