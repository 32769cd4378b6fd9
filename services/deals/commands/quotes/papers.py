"""Numbers and links of papers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.errors import LetterheadMissing
from services.deals.model import Letterhead, PaperCounter
from services.deals.values.papers import number_of


async def next_number(work: UnitOfWork, prefix: str, year: int) -> str:
    """The next number of a kind of paper in a year: no gap, since whoever rolls back gives it back.

    The counter's row stays locked to the end of the transaction: another one waits, then takes the number after it.
    """
    statement = insert(PaperCounter).values(organization_id=work.organization, kind=prefix, year=year, last=1)
    counted = statement.on_conflict_do_update(
        index_elements=[PaperCounter.organization_id, PaperCounter.kind, PaperCounter.year],
        set_={"last": PaperCounter.last + 1},
    ).returning(PaperCounter.last)
    return number_of(prefix, year, int(await work.session.scalar(counted) or 0))


async def letterhead(work: UnitOfWork) -> Letterhead:
    """Who the organization is on paper. Raises LetterheadMissing."""
    found = await work.session.scalar(select(Letterhead).where(Letterhead.organization_id == work.organization))
    if found is None:
        raise LetterheadMissing
    return found


def each_once(ids: Sequence[UUID | None]) -> list[UUID]:
    """Those that are there, in order."""
    return list(dict.fromkeys(id for id in ids if id is not None))
