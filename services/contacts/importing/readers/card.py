"""One person of an address book, whatever file they came from."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Reach(NamedTuple):
    """An address or a number as it was written, and its use: a name of model.Kind."""

    value: str
    kind: str = "OTHER"


class Detail(NamedTuple):
    """What a contact has no field for: kept in its notes under a name."""

    name: str
    value: str


class Profile(NamedTuple):
    """An address on the web or a user name as it was written, and what the file calls the network, if anything."""

    value: str
    network: str = ""


class Place(NamedTuple):
    """A postal address as it was written. `country` is a name or a code; `written` is what notes keep of it where no
    address can be made.
    """

    lines: str
    postal_code: str
    city: str
    region: str
    country: str
    kind: str
    written: list[Detail]


@dataclass(frozen=True, slots=True)
class Card:
    """A natural person; the first address and number are preferred."""

    given_name: str
    family_name: str
    emails: list[Reach] = field(default_factory=list)
    phones: list[Reach] = field(default_factory=list)
    organization: str | None = None
    job_title: str | None = None
    notes: str | None = None
    language: str | None = None
    external_id: str | None = None
    details: list[Detail] = field(default_factory=list)
    photo: bytes | None = None
    addresses: list[Place] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is no person, or cannot be read; `reason` is a code of problems.py."""

    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A card, or why there is none; `line` is where it begins, from 1."""

    line: int
    found: Card | Skipped


def split_name(whole: str) -> tuple[str, str]:
    """Given and family name of a name written in one piece: "Zoë Lefèvre", "Lefèvre, Zoë"."""
    if "," in whole:
        family, _, given = whole.partition(",")
    else:
        given, _, family = whole.strip().partition(" ")
    return given.strip(), family.strip()
