"""A content line's parts: group, name, parameters, and a value in the charset it was written in."""

import base64
import binascii
import codecs
import quopri
import re
from dataclasses import dataclass

from services.contacts.importing.readers.encoding import LETTERS
from services.contacts.importing.readers.vcard_lines import Line

_PARAMETER = re.compile(r';\s*([^=;:"]+)(?:=((?:"[^"]*"|[^";])*))?')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMPONENT = re.compile(r"((?:\\.|[^;\\]|\\$)*)(;|$)", re.DOTALL)
_ITEM = re.compile(r"(?:\\.|[^,\\])+", re.DOTALL)
_LEAST_PREFERENCE = 100
FALLBACK = "cp1252"


@dataclass(frozen=True, slots=True)
class Property:
    """One content line: `item1.TEL;TYPE=cell,pref:+33…`. `fallback` is the charset where none is declared."""

    group: str
    name: str
    parameters: dict[str, list[str]]
    raw: str
    fallback: str

    @property
    def text(self) -> str:
        """The value, decoded and unescaped."""
        return _unescaped(self._decoded(self.raw)).strip()

    @property
    def parts(self) -> list[str]:
        """The components of a structured value (N, ORG, ADR), decoded and unescaped."""
        found = _split(self.raw)
        # Some telephones encode the separators too; in Shift JIS a backslash may be half a character.
        if len(found) == 1 or _may_fail(self.charset):
            found = _split(self._decoded(self.raw))
            return [_unescaped(part).strip() for part in found]
        return [_unescaped(self._decoded(part)).strip() for part in found]

    @property
    def items(self) -> list[str]:
        """The values of a list (CATEGORIES), decoded and unescaped."""
        return [_unescaped(item).strip() for item in _ITEM.findall(self._decoded(self.raw)) if item.strip()]

    @property
    def types(self) -> set[str]:
        """TYPE's values, in lower case; 2.1 writes them bare."""
        return set(self.parameters.get("TYPE", ()))

    @property
    def preference(self) -> int:
        """1 is most preferred (4.0's PREF); TYPE=pref counts as 1."""
        if "pref" in self.types:
            return 1
        told = self.parameters.get("PREF", [""])[0]
        return int(told) if told.isdecimal() and len(told) < 4 else _LEAST_PREFERENCE

    @property
    def charset(self) -> str | None:
        """The declared charset, if Python knows it."""
        return known_codec(self.parameters.get("CHARSET", [""])[0])

    def _decoded(self, raw: str) -> str:
        content = raw.encode("latin-1")
        encoding = self.types | set(self.parameters.get("ENCODING", ()))
        if "quoted-printable" in encoding:
            content = quopri.decodestring(content)
        elif encoding & {"base64", "b"}:
            content = _base64(content)
        return decode(content, self.charset, self.fallback)


def read_property(line: Line, fallback: str = FALLBACK) -> Property:
    """Take a line apart."""
    name, semicolon, rest = line.head.partition(";")
    parameters: dict[str, list[str]] = {}
    for key, value in _PARAMETER.findall(semicolon + rest):
        # 2.1, and some writers of 3.0, allow a bare `;CELL` for `;TYPE=CELL`.
        key, value = (key, value) if value else ("TYPE", key)
        values = (part.strip(' "').casefold() for part in value.split(","))
        parameters.setdefault(key.strip().upper(), []).extend(values)
    group, _, bare = name.rpartition(".")
    return Property(group.strip().casefold(), bare.strip().upper(), parameters, line.value, fallback)


def decode(content: bytes, declared: str | None, fallback: str) -> str:
    """Text in the declared charset; UTF-8 goes before those in which any byte means something."""
    order = [declared, "utf-8", fallback] if _may_fail(declared) else ["utf-8", declared, fallback]
    for name in filter(None, order):
        try:
            return content.decode(name)
        except UnicodeDecodeError as error:
            if name == declared == "utf-8" and _is_cut(content[error.start :], error.reason, fallback):
                return content.decode(name, "replace").strip("\ufffd")
    return content.decode(fallback, "replace")


def _is_cut(rest: bytes, reason: str, fallback: str) -> bool:
    """Whether a telephone cut a text within a character; a last `é` of Windows, said to be UTF-8, looks the same."""
    return reason == "unexpected end of data" and rest.decode(fallback, "replace") not in LETTERS


def _may_fail(name: str | None) -> bool:
    """Whether not every byte means something in an encoding; UTF-8 is tried anyway."""
    return name is not None and not name.startswith(("cp125", "iso8859", "latin", "koi8", "mac", "utf-8", "ascii"))


def known_codec(name: str) -> str | None:
    """Python's name of a text encoding, or None."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding else None


def _base64(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return content


def _split(raw: str) -> list[str]:
    found: list[str] = []
    for part, end in _COMPONENT.findall(raw):
        found.append(part)
        if not end:
            break
    return found


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
