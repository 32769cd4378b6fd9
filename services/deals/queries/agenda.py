"""Appointments in a span: those that come once by their row, those that come again by their rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.deals.values.recurrence import Occurrence, Series, read_rule


def occurrences(event: Any, moved: Sequence[Any], begins: datetime, ends: datetime) -> list[Occurrence]:
    """The occurrences of an event's row that touch a span, in order; none of one that was cancelled."""
    if event.starts_at is None or event.cancelled_at is not None:
        return []
    if event.recurrence is None:
        only = Occurrence(event.starts_at, event.starts_at, event.ends_at, event.place)
        return [only] if event.ends_at > begins and event.starts_at < ends else []
    exceptions = tuple(Occurrence(one.occurrence, one.starts_at, one.ends_at, one.place, moved=True) for one in moved)
    series = Series(
        event.starts_at,
        event.ends_at,
        event.time_zone,
        read_rule(event.recurrence),
        frozenset(event.excluded),
        exceptions,
    )
    return series.occurrences(begins, ends)
