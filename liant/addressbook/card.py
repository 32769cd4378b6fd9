"""One person of an address book, whatever file they came from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Card:
    """A natural person; e-mail addresses and telephone numbers as they were written, the first one preferred."""

    given_name: str
    family_name: str
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    organization: str | None = None
    job_title: str | None = None


@dataclass(frozen=True)
class Skipped:
    """An entry that is no person, or cannot be read; `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class AddressBook:
    """What a file held."""

    cards: list[Card] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def split_name(whole: str) -> tuple[str, str]:
    """Given and family name of a name written in one piece: "Zoë Lefèvre", "Lefèvre, Zoë"."""
    if "," in whole:
        family, _, given = whole.partition(",")
    else:
        given, _, family = whole.strip().partition(" ")
    return given.strip(), family.strip()
