"""What people type into a search, by kind; and what they type who remember somebody not quite right."""

import random
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

TEXTS: Mapping[str, tuple[str, ...]] = {
    "one letter": ("m", "j", "x"),
    "beginnings": ("ma", "mar", "bern", "marti"),
    "a frequent word": ("martin", "marie", "gérantes", "boulangerie"),
    "a rare word": ("bernardin", "lefevremo"),
    "two frequent words": ("gérante boulangerie", "directeur garage", "responsable technique transports"),
    "first name and last": ("marie martin", "martin marie", "élodie fèvre", "ELODIE FEVRE", "marie bernardin"),
    "as it is being typed": ("bernard vi", "marie ma", "vi bern", "boul gér"),
    "initials": ("zl", "z l", "mb"),
    "a mistake": ("mrie", "berbard", "marei bernardin", "marie bernadrin", "direteur"),
    "with the company": ("marie menuiserie 77", "jean directeur", "marie robert boulangerie", "boulangerie 12"),
    "part of a number": (
        "612",
        "0612",
        "06 12",
        "06123",
        "06 12 34",
        "12 34 56",
        "0612345",
        "06 12 34 56 78",
        "+33612",
    ),
    "part of an address": ("p1234", "p1234@", "p1234@firme1234.example", "@firme77.example", "firme77.example"),
    "nothing": ("xyzzyx", "qqq www", "99999999999"),
}


class Known(NamedTuple):
    """Somebody who is to be found."""

    id: str
    given: str
    family: str
    company: str
    phone: str
    email: str


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def _mistaken(word: str, chance: random.Random) -> str:
    """A letter left out, doubled, swapped with its neighbour, or another one."""
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = chance.choice("abcdefghijklmnopqrstuvwxyz")
    swapped = before + after[0] + letter + after[1:]
    return chance.choice((before + after, before + letter * 2 + after, swapped, before + other + after))


def _spaced(digits: str) -> str:
    return " ".join(digits[place : place + 2] for place in range(0, len(digits), 2))


Way = Callable[[Known, random.Random], str]
WAYS: Mapping[str, Way] = {
    "as written": lambda known, _: f"{known.given} {known.family}",
    "last name first, no accents": lambda known, _: _bare(f"{known.family} {known.given}"),
    "a mistake in the last name": lambda known, chance: f"{known.given} {_mistaken(known.family, chance)}",
    "a mistake in each name": lambda known, chance: " ".join(
        _mistaken(name, chance) if len(name) > 3 else name for name in (known.given, known.family)
    ),
    "initial and last name": lambda known, _: f"{known.given[0]} {known.family}",
    "beginnings of both": lambda known, _: _bare(f"{known.given[:3]} {known.family[:6]}"),
    "last name and company": lambda known, _: f"{known.family} {known.company}",
    "number as dialled": lambda known, _: _spaced("0" + known.phone[3:]),
    "last seven digits": lambda known, _: known.phone[-7:],
    "e-mail address": lambda known, _: known.email.upper(),
    "before the @": lambda known, _: known.email.split("@")[0],
}
EXACT = frozenset(("number as dialled", "last seven digits", "e-mail address", "before the @"))
"""Ways that name one person; by the others, whoever has the same name is as good."""
