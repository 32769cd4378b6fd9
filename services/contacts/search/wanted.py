"""What a person typed, as the lexemes of search entries (docs/decisions/0021-search.md). Pure."""

import re
import string
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chassis import text
from chassis.errors import InvalidInput

MAX_TEXT = 200
MAX_WORDS = 8
_NUMBER = re.compile(r"\+?[\d\s().\-/]+")
_SHORTEST_NUMBER = 3
_SHORTEST_CONTEXT = 4
_LONGEST_BEGINNING = 6
_FURTHER = string.ascii_lowercase + string.digits
_INITIALS = range(2, 5)
NEAR = range(4, 21)
"""Lengths of the words in which a mistake is forgiven."""
PIECE = 6
LEXEME = "\x01"
Stems = Mapping[str, Sequence[str]]


class Wanted(NamedTuple):
    """Three queries, as `search_query` makes tsqueries of: whole words (ranked first), their beginnings, and words one
    mistake away.
    """

    whole: str
    beginning: str
    near: str


def words_of(typed: str) -> list[str]:
    """The words whose stems `wanted` needs: none of an address or a number. Raises InvalidInput."""
    told = text.clean(typed, "text", most=MAX_TEXT)
    return [] if "@" in told or _NUMBER.fullmatch(told) else text.folded(told).split()[:MAX_WORDS]


def wanted(typed: str, stems: Stems) -> Wanted:
    """What to look for. Raises InvalidInput where there is nothing to look for."""
    told = text.clean(typed, "text", most=MAX_TEXT)
    if "@" in told:
        return _address(told.lower())
    if _NUMBER.fullmatch(told) and len(_digits(told)) >= _SHORTEST_NUMBER:
        return _alike(_number(_digits(told)))
    words = text.folded(told).split()[:MAX_WORDS]
    if not words:
        raise InvalidInput("text", "Type at least one letter or digit.")
    return _names(words, told.lower(), stems)


def _names(words: list[str], told: str, stems: Stems) -> Wanted:
    whole = " & ".join(map(quoted, words))
    # A stop word is in no text that surrounds a name: "gérante de la boulangerie" is found without it.
    telling = [word for word in words if stems.get(word, True)] or words
    beginning = " & ".join(_beginning(word, stems) for word in telling)
    near = " & ".join(_near(word, stems) for word in telling)
    if " " not in told and "." in told:
        domain = f"{quoted(told)}:*"
        return Wanted(f"{domain} | ({whole})", f"{domain} | ({beginning})", f"{domain} | ({near})")
    return Wanted(whole, beginning, near)


def _address(told: str) -> Wanted:
    return _alike(f"{quoted(told.removeprefix('@'))}:*")


def _alike(query: str) -> Wanted:
    return Wanted(query, query, query)


def _digits(told: str) -> str:
    return "".join(c for c in told if c.isdigit() and c.isascii())


def _number(digits: str) -> str:
    """Any run of a number's digits; the zero that a national number begins with is not in its E.164 form."""
    bare = digits.lstrip("0") or digits
    return " | ".join(map(run, dict.fromkeys((digits, bare))))


def run(digits: str) -> str:
    """A run of digits within a number: its pieces of six, or the beginning of one."""
    if len(digits) < PIECE:
        return f"{quoted('#' + digits)}:*"
    pieces = (digits[place : place + PIECE] for place in range(len(digits) - PIECE + 1))
    return f"({' & '.join(quoted('#' + piece) for piece in dict.fromkeys(pieces))})"


def _beginning(word: str, stems: Stems) -> str:
    ways = [_begins(word), *(quoted("^" + stem) for stem in stems.get(word, ()))]
    if len(word) >= _SHORTEST_CONTEXT:
        ways.append(_longer(word) if word in stems.get(word, ()) else f"{quoted('^' + word)}:*")
    if len(word) in _INITIALS:
        ways.append(quoted("!" + word))
    if word.isdigit() and len(word) >= _SHORTEST_NUMBER:
        ways.append(_number(word))
    return f"({' | '.join(ways)})"


def _begins(word: str) -> str:
    """Short beginnings, which many words have, are lexemes of their own: one look-up, and nothing to gather."""
    return quoted("<" + word) if len(word) <= _LONGEST_BEGINNING else f"{quoted(word)}:*"


def _longer(stem: str) -> str:
    """What begins with a stem and is longer: the stem itself may be so frequent that it is not to be gathered."""
    return " | ".join(f"{quoted('^' + stem + each)}:*" for each in _FURTHER)


def _near(word: str, stems: Stems) -> str:
    return f"({_beginning(word, stems)} | {mistaken(word)})" if len(word) in NEAR else _beginning(word, stems)


def mistaken(word: str) -> str:
    """Words that become equal to this one when each loses at most one character: one letter more, less or other."""
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    ways = (quoted(sign + each) for each in sorted({word, *shorter}) for sign in ("", "~"))
    return f"({' | '.join(ways)})"


def quoted(lexeme: str) -> str:
    """A lexeme as a tsquery takes it, whatever is in it; the organization's code goes where LEXEME is."""
    return "'" + LEXEME + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
