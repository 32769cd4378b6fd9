"""A card as a vCard 4.0 (RFC 6350)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from services.contacts.cards.content import Content, Reach
from services.contacts.exporting.vcard_file import escaped, folded, photo

_TYPES = {"WORK": "work", "HOME": "home", "MOBILE": "cell"}


def written(content: Content, card: UUID, revised: datetime, source: str = "", picture: bytes | None = None) -> str:
    """The file's text. Its UID stays the same, so that a telephone updates the entry it has."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"UID:urn:uuid:{card}"]
    lines += _who(content)
    lines += [f"TEL;VALUE=uri{_parameters(each, place)}:tel:{each.value}" for place, each in enumerate(content.phones)]
    lines += [f"EMAIL{_parameters(each, place)}:{escaped(each.value)}" for place, each in enumerate(content.emails)]
    lines += [f"URL:{each.url}" for each in content.links]
    lines += [f"LANG;PREF={place}:{escaped(each)}" for place, each in enumerate(content.languages, 1)]
    lines += [photo(picture)] if picture else []
    lines += [f"SOURCE:{source}"] if source else []
    lines += [f"REV:{revised:%Y%m%dT%H%M%SZ}", "END:VCARD"]
    return "".join(folded(line) for line in lines)


def _who(content: Content) -> Iterator[str]:
    yield f"FN:{escaped(content.name)}"
    yield f"N:{escaped(content.family_name or '')};{escaped(content.given_name or '')};;;"
    if content.company:
        yield f"ORG:{escaped(content.company)}"
    if content.title:
        yield f"TITLE:{escaped(content.title)}"


def _parameters(each: Reach, place: int) -> str:
    use = f";TYPE={_TYPES[each.kind]}" if each.kind in _TYPES else ""
    return f"{use};PREF=1" if place == 0 else use
