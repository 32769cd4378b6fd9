"""Rules of RFC 5545, pure: what is taken, what is refused, and what clocks do to it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import InvalidInput
from services.deals.values.recurrence import (
    MOST_OCCURRENCES,
    InvalidRecurrence,
    Occurrence,
    Series,
    moved,
    planned,
    read_rule,
    rest,
)

PARIS = "Europe/Paris"


def series(start: str, rule: str, hours: float = 1, zone: str = PARIS) -> Series:
    """A planned series; `start` is told in the clock of its zone."""
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return planned(Series(begins, begins + timedelta(hours=hours), zone, read_rule(rule)))


def walls(told: Series, zone: str = PARIS) -> list[str]:
    """When its occurrences begin, by the clock on the wall."""
    found = told.occurrences(told.starts_at, told.last_end())
    return [one.starts_at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M%z") for one in found]


def test_an_hour_that_the_clock_skips_is_an_hour_later_that_day_only() -> None:
    assert walls(series("2027-03-27T02:30", "FREQ=DAILY;COUNT=3")) == [
        "03-27 02:30+0100",
        "03-28 03:30+0200",
        "03-29 02:30+0200",
    ]


def test_an_hour_that_the_clock_shows_twice_is_the_first() -> None:
    assert walls(series("2027-10-30T02:30", "FREQ=DAILY;COUNT=3")) == [
        "10-30 02:30+0200",
        "10-31 02:30+0200",
        "11-01 02:30+0100",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY;BYHOUR=1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1001",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;" + "X" * 300,
        "DTSTART:20270101\nRRULE:FREQ=DAILY",
    ],
)
def test_a_rule_that_is_not_taken_says_why(rule: str) -> None:
    with pytest.raises(InvalidRecurrence) as refused:
        read_rule(rule)
    assert refused.value.path == ["recurrence"]


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;UNTIL=20200101"]
)
def test_an_appointment_begins_at_a_time_that_its_rule_gives(rule: str) -> None:
    with pytest.raises(InvalidRecurrence):
        series("2027-03-22T09:00", rule)


def test_occurrences_that_would_overlap_are_refused() -> None:
    assert series("2027-03-22T09:00", "FREQ=DAILY", hours=23)
    with pytest.raises(InvalidRecurrence, match="overlap"):
        series("2027-03-22T09:00", "FREQ=DAILY", hours=24)  # one of the days has 23 hours


def test_an_endless_series_is_read_by_spans() -> None:
    endless = series("2027-01-01T09:00", "FREQ=DAILY")
    far = datetime(2090, 1, 1, tzinfo=UTC)
    assert len(endless.occurrences(far, far + timedelta(days=7))) == 7
    assert len(endless.occurrences(far, far + timedelta(days=5_000))) == MOST_OCCURRENCES


def test_an_occurrence_moves_but_not_onto_another() -> None:
    weekly = series("2027-03-01T09:00", "FREQ=WEEKLY;COUNT=4")
    second = weekly.starts_at + timedelta(days=7)
    tuesday = second + timedelta(days=1)
    gone = moved(weekly, Occurrence(second, tuesday, tuesday + timedelta(hours=1), moved=True))
    assert walls(gone) == ["03-01 09:00+0100", "03-09 09:00+0100", "03-15 09:00+0100", "03-22 09:00+0100"]
    third = second + timedelta(days=7)
    with pytest.raises(InvalidInput) as overlapping:
        moved(gone, Occurrence(third, tuesday + timedelta(minutes=30), tuesday + timedelta(hours=2)))
    assert overlapping.value.path == ["startsAt"]
    with pytest.raises(InvalidInput) as unknown:
        moved(gone, Occurrence(second + timedelta(hours=1), third, third + timedelta(hours=1)))
    assert unknown.value.path == ["occurrence"]


def test_the_rest_of_a_series_goes_to_another_day_and_keeps_its_count_and_cancellations() -> None:
    weekly = series("2027-03-01T09:00", "FREQ=WEEKLY;BYDAY=MO;COUNT=6")
    ids = [*weekly.starts()]
    weekly = Series(weekly.starts_at, weekly.ends_at, PARIS, weekly.rule, frozenset({ids[3]}))
    begins = ids[2] + timedelta(days=1, hours=2)
    later = rest(weekly, ids[2], begins, begins + timedelta(hours=1), None)
    assert walls(later) == ["03-16 11:00+0100", "03-30 11:00+0200", "04-06 11:00+0200"]
    assert walls(weekly.before(ids[2])) == ["03-01 09:00+0100", "03-08 09:00+0100"]


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (a wall clock's)
    zone=st.sampled_from([PARIS, "America/New_York", "Pacific/Chatham", "Asia/Kolkata", "Africa/Casablanca"]),
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 4),
    count=st.integers(1, 30),
    minutes=st.integers(1, 600),
)
def test_spans_give_each_occurrence_once_whatever_the_clock_does(
    start: datetime, zone: str, frequency: str, interval: int, count: int, minutes: int
) -> None:
    begins = start.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(microsecond=0)
    rule = read_rule(f"FREQ={frequency};INTERVAL={interval};COUNT={count}")
    assert read_rule(str(rule)) == rule
    told = Series(begins, begins + timedelta(minutes=minutes), zone, rule)
    every = [*told.starts()]
    assert len(every) == count
    assert every == sorted(set(every))
    middle = every[count // 2]
    before, after = told.occurrences(begins, middle), told.occurrences(middle, told.last_end())
    assert sorted({one.id for one in [*before, *after]}) == every
    assert all(told.has(one) for one in every)
