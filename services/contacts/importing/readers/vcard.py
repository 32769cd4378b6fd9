"""vCard 2.1, 3.0 and 4.0, read as a person would: whatever can be made out is taken."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from services.contacts.importing.readers import encoding
from services.contacts.importing.readers.card import Card, Detail, Entry, Place, Profile, Reach, Skipped, split_name
from services.contacts.importing.readers.lines import lines
from services.contacts.importing.readers.photos import photo_in
from services.contacts.importing.readers.vcard_lines import Line, content_lines
from services.contacts.importing.readers.vcard_property import FALLBACK, Property, read_property
from services.contacts.links import NETWORK_NAMES
from services.contacts.values import LOCALES

MAX_PROPERTIES = 2000
_NOT_PERSONS = frozenset(("group", "org", "organization", "location", "application", "device"))
_KINDS = (
    ("MOBILE", ("cell", "mobile", "iphone")),
    ("WORK", ("work", "msg")),
    ("HOME", ("home",)),
    ("BILLING", ("billing",)),
)
_DETAILS = {"NICKNAME": "nickname", "BDAY": "birthday", "IMPP": "messaging"}
_DETAILS |= dict.fromkeys(("X-SKYPE", "X-SKYPE-USERNAME", "X-AIM", "X-ICQ", "X-JABBER", "X-MSN", "X-QQ"), "messaging")
_DETAILS |= dict.fromkeys(("X-YAHOO", "X-GOOGLE-TALK", "X-SIP"), "messaging")
_PROFILES = ("X-SOCIALPROFILE", "SOCIALPROFILE", "URL", "X-WAB-URL")
_SCHEME = re.compile(r"^(tel|mailto):", re.IGNORECASE)
_BRACKETED = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


@dataclass(slots=True)
class _Open:
    """A card between its BEGIN and its END."""

    line: int
    lines: list[Line] = field(default_factory=list)

    def takes(self, line: Line) -> bool:
        """Whether there is room; of a thousand photos the first is kept."""
        if line.name == "PHOTO" and any(each.name == "PHOTO" for each in self.lines):
            return False
        return len(self.lines) < MAX_PROPERTIES


def read_vcards(file: BinaryIO, codec: str) -> Iterator[Entry]:
    """Every card of a file, in the order of their ends. A card within another's AGENT is a card too."""
    fallback = codec if codec not in ("utf-8", "utf-8-sig") and not codec.startswith("utf-") else FALLBACK
    for line, found in _blocks(content_lines(lines(encoding.blocks(file, codec)))):
        yield Entry(line, _card([read_property(each, fallback) for each in found]))


def _blocks(found: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    cards: list[_Open] = []
    for line in found:
        fence = line.value.strip().upper() if line.name in ("BEGIN", "END", "AGENT") else ""
        if line.name in ("BEGIN", "AGENT") and fence.endswith("VCARD") and len(fence) < 20:
            if cards and line.name == "BEGIN" and not _awaits_agent(cards[-1]):
                yield _closed(cards.pop())  # its END is missing
            cards.append(_Open(line.number))
        elif line.name == "END" and fence == "VCARD" and cards:
            yield _closed(cards.pop())
        elif cards and cards[-1].takes(line):
            cards[-1].lines.append(line)
    while cards:
        yield _closed(cards.pop())


def _awaits_agent(card: _Open) -> bool:
    return bool(card.lines) and card.lines[-1].name == "AGENT" and not card.lines[-1].value.strip()


def _closed(card: _Open) -> tuple[int, list[Line]]:
    return card.line, card.lines


def _card(found: list[Property]) -> Card | Skipped:
    fallback = next((each.charset for each in found if each.charset and not each.charset.startswith("utf")), None)
    if fallback:  # what one line declares is the best guess for those that declare nothing
        found = [Property(each.group, each.name, each.parameters, each.raw, fallback) for each in found]
    kinds = {each.text.casefold() for each in found if each.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND")}
    if kinds & _NOT_PERSONS:
        return Skipped("NOT_A_PERSON")
    organization = next((each.parts[0] for each in found if each.name == "ORG"), "")
    emails, phones = _values(found, "EMAIL"), _values(found, "TEL")
    given, family = _name(found)
    details, addresses, profiles = list(_details(found)), list(_addresses(found)), list(_profiles(found))
    if not (given or family):
        family = (
            organization
            or next((each.value for each in [*emails, *phones]), "")
            or next((each.value for each in details), "")
            or next((each.value for each in profiles), "")
            or next((each.written[0].value for each in addresses), "")
        )
    if not (given or family):
        return Skipped("NO_NAME")
    return Card(
        given,
        family,
        emails,
        phones,
        organization or None,
        _first(found, "TITLE") or _first(found, "ROLE"),
        "\n\n".join(each.text for each in found if each.name == "NOTE" and each.text) or None,
        _preferred(found, "LANG"),
        _first(found, "UID"),
        details,
        next((photo_in(each) for each in found if each.name == "PHOTO"), None),
        addresses,
        list(dict.fromkeys(item for each in found if each.name == "CATEGORIES" for item in each.items)),
        profiles,
        _languages(found),
    )


def _profiles(found: list[Property]) -> Iterator[Profile]:
    labels = _group_labels(found)
    for each in sorted(found, key=lambda each: each.preference):
        if not each.text:
            continue
        told = each.types | set(each.parameters.get("SERVICE-TYPE", ())) | {labels.get(each.group, "").casefold()}
        named = next((word for word in sorted(told) if word.strip("_$!<>") in NETWORK_NAMES), "")
        if each.name in _PROFILES and (named or each.name in ("URL", "X-WAB-URL")):
            yield Profile(each.text, named.strip("_$!<>"))
        elif each.name in _PROFILES:
            yield Profile(each.text, "social")
        elif each.name.removeprefix("X-").casefold() in NETWORK_NAMES:
            yield Profile(each.text, each.name.removeprefix("X-").casefold())


def _languages(found: list[Property]) -> list[str]:
    """What is spoken; one language that letters are written in is no more than that."""
    told = [each.text for each in sorted(found, key=lambda each: each.preference) if each.name == "LANG" and each.text]
    return told if len(told) > 1 or (told and told[0][:2].casefold() not in LOCALES) else []


def _name(found: list[Property]) -> tuple[str, str]:
    for each in found:
        if each.name == "N":
            family, given, middle, *_ = [*each.parts, "", "", ""]
            if given or family:
                return " ".join(filter(None, (given, middle))), family
    whole = next((each.text for each in found if each.name in ("FN", "NICKNAME", "NAME") and each.text), "")
    return split_name(" ".join(whole.split()))


def _first(found: list[Property], name: str) -> str | None:
    return next((each.text for each in found if each.name == name and each.text), None)


def _preferred(found: list[Property], name: str) -> str | None:
    return _first(sorted(found, key=lambda each: each.preference), name)


def _values(found: list[Property], name: str) -> list[Reach]:
    chosen = sorted((each for each in found if each.name == name), key=lambda each: each.preference)
    labels = _group_labels(found)
    reaches = dict[str, Reach]()
    for each in chosen:
        value = _bare(each.text)
        if value and not (name == "TEL" and each.types & {"fax", "modem", "pager"}):
            reaches.setdefault(value, Reach(value, _kind(each.types, labels.get(each.group, ""))))
    return list(reaches.values())


def _bare(text: str) -> str:
    bracketed = _BRACKETED.search(text)
    return bracketed[1] if bracketed else _SCHEME.sub("", text).strip()


def _kind(types: set[str], label: str) -> str:
    told = types | {label.casefold().strip("_$!<>")}
    return next((kind for kind, words in _KINDS if told & set(words)), "OTHER")


def _details(found: list[Property]) -> Iterator[Detail]:
    for each in found:
        name = _DETAILS.get(each.name)
        if name and each.text:
            yield Detail(name, " ".join(each.text.split()))
        elif each.name == "TEL" and each.types & {"fax"} and each.text:
            yield Detail("fax", _bare(each.text))


def _addresses(found: list[Property]) -> Iterator[Place]:
    labels = _group_labels(found)
    for each in sorted((each for each in found if each.name == "ADR"), key=lambda each: each.preference):
        told = each.parts
        if not any(told):
            continue
        box, more, street, city, region, postal_code, country, *_ = [*told, *[""] * 7]
        lines = "\n".join(filter(None, (street, more, box)))
        code = each.parameters.get("CC", [""])[0]  # RFC 8605
        written = [Detail("address", " ".join(", ".join(filter(None, told)).split()))]
        kind = _kind(each.types - {"cell", "msg"}, labels.get(each.group, ""))
        yield Place(lines, postal_code, city, region, code or country, kind, written)


def _group_labels(found: list[Property]) -> dict[str, str]:
    return {each.group: each.text for each in found if each.name == "X-ABLABEL" and each.group}
