"""vCard 3.0 (RFC 2426) and 4.0 (RFC 6350), read tolerantly: what Liant has no place for is passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from liant.addressbook.card import AddressBook, Card, Skipped, split_name

_VERSIONS = ("3.0", "4.0")
_LEAST_PREFERENCE = 100
# A `:` or `;` within double quotes belongs to a parameter's value (RFC 6350 section 3.3).
_CONTENT_LINE = re.compile(r'(?P<head>(?:"[^"]*"|[^":])+):(?P<value>.*)', re.DOTALL)
_PARAMETER = re.compile(r';([^=;:"]+)(?:=((?:"[^"]*"|[^";])*))?')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMPONENT = re.compile(r"((?:\\.|[^;])*)(?:;|$)", re.DOTALL)


@dataclass(frozen=True)
class Property:
    """One content line: `item1.TEL;TYPE=cell,pref:+33…`."""

    name: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def text(self) -> str:
        """The value, unescaped."""
        return _unescape(self.value)

    @property
    def parts(self) -> list[str]:
        """The components of a structured value (N, ORG), unescaped."""
        return [_unescape(part).strip() for part in _COMPONENT.findall(self.value)]

    @property
    def preference(self) -> int:
        """1 is most preferred (4.0's PREF); 3.0's TYPE=pref counts as 1."""
        if "pref" in self.parameters.get("TYPE", []):
            return 1
        told = self.parameters.get("PREF", [""])[0]
        return int(told) if told.isdecimal() else _LEAST_PREFERENCE


def read_vcards(text: str) -> AddressBook:
    """Every card of a file, in its order."""
    book = AddressBook()
    for line, properties in _blocks(text):
        read = _card(properties)
        if isinstance(read, Card):
            book.cards.append(read)
        else:
            book.skipped.append(Skipped(line, read))
    return book


def _blocks(text: str) -> Iterator[tuple[int, list[Property]]]:
    begun, properties = 0, list[Property]()
    for number, line in _unfolded(text):
        found = _property(line)
        if found is None:
            continue
        if found.name == "BEGIN":
            begun, properties = number, []
        elif found.name == "END" and begun:
            yield begun, properties
            begun = 0
        else:
            properties.append(found)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    started, whole = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line[:1] in (" ", "\t") and started:
            whole += line[1:]
            continue
        if whole:
            yield started, whole
        started, whole = number, line
    if whole:
        yield started, whole


def _property(line: str) -> Property | None:
    found = _CONTENT_LINE.match(line)
    if found is None:
        return None
    name, semicolon, parameters = found["head"].partition(";")
    values: dict[str, list[str]] = {}
    for key, value in _PARAMETER.findall(semicolon + parameters):
        # 3.0 allows a bare `;CELL` for `;TYPE=CELL`.
        key, value = (key, value) if value else ("TYPE", key)
        values.setdefault(key.upper(), []).extend(part.strip('"').casefold() for part in value.split(","))
    return Property(name.rpartition(".")[2].strip().upper(), values, found["value"].strip())


def _card(properties: list[Property]) -> Card | str:
    version = next((found.value for found in properties if found.name == "VERSION"), "none")
    if version not in _VERSIONS:
        return f"vCard version {version} is not read; export it as 3.0 or 4.0"
    if any(found.name == "KIND" and found.value.casefold() not in ("", "individual") for found in properties):
        return "not a person"
    given, family = _name(properties)
    if not (given or family):
        return "no name"
    organization = next((found.parts[0] for found in properties if found.name == "ORG"), "")
    title = next((found.text for found in properties if found.name == "TITLE"), "")
    return Card(
        given, family, _values(properties, "EMAIL"), _values(properties, "TEL"), organization or None, title or None
    )


def _name(properties: list[Property]) -> tuple[str, str]:
    for found in properties:
        if found.name == "N":
            family, given, *_ = [*found.parts, ""]
            if given or family:
                return given, family
    return next((split_name(found.text) for found in properties if found.name == "FN"), ("", ""))


def _values(properties: list[Property], name: str) -> list[str]:
    found = sorted((each for each in properties if each.name == name), key=lambda each: each.preference)
    texts = (each.text.strip() for each in found)
    return list(dict.fromkeys(re.sub(r"^(tel|mailto):", "", text, flags=re.IGNORECASE) for text in texts if text))


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
