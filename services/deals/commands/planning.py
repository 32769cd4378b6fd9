"""An appointment's rule and exceptions, between its rows and the pure series."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from services.deals.model import Event, MovedOccurrence
from services.deals.values import recurrence
from services.deals.values.recurrence import Occurrence, Series


def series_of(event: Event, moved: Sequence[MovedOccurrence]) -> Series | None:
    """The series of an appointment that comes again; None for one that comes once."""
    if event.recurrence is None or event.starts_at is None or event.ends_at is None or event.time_zone is None:
        return None
    return Series(
        event.starts_at,
        event.ends_at,
        event.time_zone,
        recurrence.read_rule(event.recurrence),
        frozenset(event.excluded),
        tuple(Occurrence(one.occurrence, one.starts_at, one.ends_at, one.place, moved=True) for one in moved),
    )


async def moved_of(work: UnitOfWork, event: Event) -> list[MovedOccurrence]:
    """An appointment's moved occurrences, in order."""
    statement = select(MovedOccurrence).where(MovedOccurrence.event_id == event.id)
    return list((await work.session.scalars(statement.order_by(MovedOccurrence.occurrence))).all())


def replan(event: Event, moved: Sequence[MovedOccurrence]) -> None:
    """Check an appointment's series, and note when it is over. Raises InvalidRecurrence."""
    series = series_of(event, moved)
    event.recurs_until = recurrence.planned(series).last_end() if series else None


async def replanned(work: UnitOfWork, event: Event) -> None:
    """The same after a change of the time or rule; exceptions that the series has no more are dropped."""
    replan(event, [])
    bare = series_of(event, [])
    whole = None if bare is None else replace(bare, excluded=frozenset())
    event.excluded = [one for one in event.excluded if whole and whole.has(one)]
    gone = [one.occurrence for one in await moved_of(work, event) if not (whole and whole.has(one.occurrence))]
    await work.session.execute(
        delete(MovedOccurrence).where(MovedOccurrence.event_id == event.id, MovedOccurrence.occurrence.in_(gone))
    )
    replan(event, await moved_of(work, event))


async def keep(work: UnitOfWork, event: Event, series: Series) -> None:
    """Write a series' exceptions down."""
    event.excluded = sorted(series.excluded)
    event.recurrence = str(series.rule)
    event.recurs_until = series.last_end()
    await work.session.execute(delete(MovedOccurrence).where(MovedOccurrence.event_id == event.id))
    for one in series.moved:
        work.session.add(
            MovedOccurrence(
                event_id=event.id,
                occurrence=one.id,
                organization_id=work.organization,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=one.place,
            )
        )
