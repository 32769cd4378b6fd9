"""The rows of a search: ids and kinds, best first."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, text

from chassis.database import ReadSession
from chassis.errors import InvalidInput
from services.contacts.search.wanted import Stems, Wanted

MOST = 1000
_FOUND = text(
    "SELECT id, kind FROM search_results("
    "CAST(:wanted AS text), CAST(:whole AS text), CAST(:kinds AS text[]), :skip, :most)"
)

_STEMS = text(
    "SELECT word, ts_lexize('french_stem', word) AS french, ts_lexize('english_stem', word) AS english"
    " FROM unnest(CAST(:words AS text[])) AS word"
)


class Place(NamedTuple):
    """Where a page begins, and whether it is of the near words."""

    near: bool = False
    skip: int = 0

    def shown(self) -> str:
        """As a cursor."""
        return base64.urlsafe_b64encode(f"{int(self.near)}:{self.skip}".encode()).decode()

    @classmethod
    def parse(cls, cursor: str | None) -> "Place":
        """Raises InvalidInput for what is no cursor of a search."""
        if cursor is None:
            return cls()
        try:
            near, skip = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode().split(":")
            found = cls(bool(int(near)), int(skip))
        except (ValueError, binascii.Error) as error:
            raise InvalidInput("after", "Not a cursor of a search: start again without one.") from error
        if not 0 <= found.skip <= MOST:
            raise InvalidInput("after", "Not a cursor of a search: start again without one.")
        return found


async def stems(read: ReadSession, words: Sequence[str]) -> Stems:
    """What each word is without its endings, in French and English; none where it is a stop word of either."""
    if not words:
        return {}
    rows = await read.rows(_STEMS.bindparams(words=list(words)))
    return {row.word: [*dict.fromkeys(row.french + row.english)] if row.french and row.english else [] for row in rows}


async def found(
    read: ReadSession, wanted: Wanted, kinds: Sequence[str], place: Place, most: int
) -> tuple[Place, Sequence[Row[Any]]]:
    """Rows from a place on; words one mistake away only where nothing else is found. At most MOST in all."""
    if not place.near:
        rows = await _rows(read, wanted.beginning, wanted.whole, kinds, place.skip, most)
        if rows or place.skip or wanted.near == wanted.beginning:
            return place, rows
    place = Place(near=True, skip=place.skip)
    return place, await _rows(read, wanted.near, None, kinds, place.skip, most)


async def _rows(
    read: ReadSession, wanted: str, whole: str | None, kinds: Sequence[str], skip: int, most: int
) -> Sequence[Row[Any]]:
    bound = {"wanted": wanted, "whole": whole, "kinds": list(kinds), "skip": skip, "most": most}
    return await read.rows(_FOUND.bindparams(**bound))
