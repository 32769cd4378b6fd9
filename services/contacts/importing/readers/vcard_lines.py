"""The content lines of vCards (vCard 2.1; RFC 2426; RFC 6350), put together again from what programs make of them.

Values stay bytes read as Latin-1, one character a byte, until it is known which charset a property is written in.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.contacts.importing.readers.lines import MAX_LINE

_NAMES = re.compile(
    r"X-[\w-]+"
    r"|BEGIN|END|VERSION|N|FN|NICKNAME|PHOTO|BDAY|ANNIVERSARY|GENDER|ADR|LABEL|TEL|EMAIL|IMPP|LANG|MAILER"
    r"|TZ|GEO|TITLE|ROLE|LOGO|AGENT|ORG|MEMBER|RELATED|CATEGORIES|NOTE|PRODID|REV|SOUND|UID|CLIENTPIDMAP"
    r"|URL|KEY|FBURL|CALADRURI|CALURI|SORT-STRING|CLASS|KIND|NAME|PROFILE|SOURCE|XML|EXPERTISE|HOBBY"
    r"|INTEREST|ORG-DIRECTORY|DEATHDATE|SOCIALPROFILE|LANGUAGE|PRONOUNS|GRAMGENDER|CREATED|CONTACT-URI",
    re.IGNORECASE,
)
# Logos, sounds and keys are not kept: their thousands of lines are passed over without being held.
_HEAVY = frozenset(("LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN"))
_LINES_OF_TEXT = frozenset(("NOTE", "ADR", "LABEL"))
# A `:` within double quotes belongs to a parameter's value (RFC 6350 section 3.3).
_START = re.compile(
    r'\s*(?:[\w-]+\.)?(?P<name>[A-Za-z][\w-]*)\s*(?P<parameters>(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)', re.DOTALL
)
_HEAD = re.compile(r'(?:[\w-]+\.)?(?P<name>[A-Za-z][\w-]*)(?:;(?:"[^"]*"?|[^":])*)?')
_LONGEST_HEAD = 2000
MAX_PHOTO = 1_400_000
_FENCE = re.compile(r"\s*(BEGIN|END)\s*:\s*VCARD\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """One content line on its way: where it begins, `head` up to the colon, pieces of its value."""

    number: int
    name: str = ""
    head: str = ""
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def value(self) -> str:
        """All the pieces."""
        return "".join(self.pieces)

    @property
    def is_soft(self) -> bool:
        """Whether a quoted-printable value goes on in the next line (RFC 2045 section 6.7)."""
        return "QUOTED-PRINTABLE" in self.head.upper() and bool(self.pieces) and self.pieces[-1].endswith("=")

    def add(self, piece: str) -> None:
        """Take another piece, unless it is of a sound or the value is beyond reason; half a photo is none."""
        self.size += len(piece)
        if self.name == "PHOTO" and self.size >= MAX_PHOTO:
            self.pieces.clear()
        elif self.name == "PHOTO" or (self.name not in _HEAVY and self.size < MAX_LINE):
            self.pieces.append(piece)


def content_lines(lines: Iterable[tuple[int, bytes]]) -> Iterator[Line]:
    """Every content line, unfolded."""
    current: Line | None = None
    for number, text in _whole_heads(lines):
        if current is not None and _continued(current, text):
            continue
        started = _started(number, text)
        if started is None:
            continue
        if current is not None:
            yield current
        current = started
    if current is not None:
        yield current


def _whole_heads(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
    """Lines as text; one that was folded before its colon is put together here."""
    held: tuple[int, str] | None = None
    for number, raw in lines:
        text = _plain(raw).decode("latin-1").rstrip("\r")
        if held is not None:
            if text[:1] in (" ", "\t"):
                number, text = held[0], held[1] + text[1:]
            else:
                yield held
            held = None
        head = _HEAD.fullmatch(text)
        if head is not None and _NAMES.fullmatch(head["name"]) and len(text) < _LONGEST_HEAD:
            held = number, text
        else:
            yield number, text
    if held is not None:
        yield held


def _plain(raw: bytes) -> bytes:
    """Without the mark that a file begins with, several of which were put together, and what a broken copy fills in."""
    return raw.replace(b"\0", b"").removeprefix(codecs.BOM_UTF8)


def _continued(current: Line, text: str) -> bool:
    """Whether a line belongs to the one before it; it is taken then."""
    if _FENCE.match(text):
        return False
    if current.is_soft:
        if text.strip():
            current.pieces[-1] = current.pieces[-1][:-1]
            current.add(text)
        return True
    if text[:1] in (" ", "\t"):
        current.add(text[1:])
        return True
    return _broken(current, text)


def _broken(current: Line, text: str) -> bool:
    """A line folded without its space, or a note with bare line breaks."""
    if not text.strip() or text.startswith("#") or _is_start(text) or current.name in ("BEGIN", "END"):
        return False
    current.add(f"\\n{text}" if current.name in _LINES_OF_TEXT else text)
    return True


def _is_start(text: str) -> bool:
    found = _START.match(text)
    return found is not None and _NAMES.fullmatch(found["name"]) is not None


def _started(number: int, text: str) -> Line | None:
    found = _START.match(text)
    if found is None or text.startswith("#"):
        return None
    line = Line(number, found["name"].upper(), text[: found.start("value") - 1].strip())
    line.add(found["value"])
    return line
