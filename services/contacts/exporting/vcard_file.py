"""vCard 4.0 (RFC 6350): escaped, and folded at 75 bytes without cutting a character."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from babel import Locale

from chassis.identifiers import format_id
from services.contacts.exporting.contacts import Exported

_TYPES = {"WORK": "work", "HOME": "home", "MOBILE": "cell"}
_LONGEST = 75


def cards(page: Iterable[Exported]) -> str:
    """A card a contact."""
    return "".join(folded(line) for each in page for line in _lines(each))


def escaped(value: str) -> str:
    """A text value (section 3.4); a line break cannot end the property."""
    told = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return told.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """A content line, broken where it is too long (section 3.2)."""
    if line.isascii():  # a photo has a hundred thousand characters, all of one byte
        cuts = range(_LONGEST, len(line), _LONGEST - 1)
        return "\r\n ".join([line[:_LONGEST], *(line[cut : cut + _LONGEST - 1] for cut in cuts)]) + "\r\n"
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST:
            pieces.append(piece)
            piece, size = "", 1
        piece, size = piece + character, size + width
    return "\r\n ".join([*pieces, piece]) + "\r\n"


def photo(jpeg: bytes) -> str:
    """A picture within the card (section 6.2.4)."""
    return f"PHOTO:data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _lines(each: Exported) -> Iterator[str]:
    row = each.row
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"UID:{format_id('contact', row.id)}")
    yield f"FN:{escaped(' '.join(filter(None, (row.given_name, row.family_name))))}"
    yield f"N:{escaped(row.family_name or '')};{escaped(row.given_name or '')};;;"
    for place, email in enumerate(each.emails):
        yield f"EMAIL{_parameters(email.kind, place)}:{escaped(email.address)}"
    for place, phone in enumerate(each.phones):
        yield f"TEL;VALUE=uri{_parameters(phone.kind, place)}:tel:{phone.number}"
    for place, address in enumerate(each.addresses):
        yield _address(address, place)
    if each.tags:
        yield f"CATEGORIES:{','.join(escaped(tag.name) for tag in each.tags)}"
    yield from _languages(row)
    for link in row.social_links or ():
        yield f"SOCIALPROFILE;SERVICE-TYPE={link['network'].title()}:{link['url']}"  # RFC 9554
        yield f"X-SOCIALPROFILE;TYPE={link['network'].lower()}:{link['url']}"  # what telephones read
    if row.notes:
        yield f"NOTE:{escaped(row.notes)}"
    if each.photo:
        yield photo(each.photo)
    yield f"REV:{row.updated_at:%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _languages(row: Any) -> Iterator[str]:
    """The one to write in first."""
    told = dict.fromkeys(filter(None, (row.language, *(row.languages or ()))))
    for place, each in enumerate(told, start=1):
        yield f"LANG;PREF={place}:{each}" if len(told) > 1 else f"LANG:{each}"


def _address(row: Any, place: int) -> str:
    """RFC 6350, section 6.3.1; the country's code is a parameter (RFC 8605), BILLING a type (RFC 9554)."""
    country = Locale("en").territories.get(row.country, row.country)
    parts = ("", "", row.lines, row.city, row.region, row.postal_code, country)
    use = ";TYPE=billing" if row.kind == "BILLING" else ""
    told = ";".join(escaped(part or "") for part in parts)
    return f"ADR;CC={row.country}{use}{_parameters(row.kind, place)}:{told}"


def _parameters(kind: str, place: int) -> str:
    use = f";TYPE={_TYPES[kind]}" if kind in _TYPES else ""
    return f"{use};PREF=1" if place == 0 else use
