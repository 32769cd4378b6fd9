"""The days on which an organization works, and moments counted over them. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
MOST_DAYS = 1_000
"""How far a threshold may reach, in days; also what bounds a calendar in which nothing is worked."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`weekdays` counts Monday as 0, `holidays` is an ISO 3166 country or None, `closures` are first and last days."""

    time_zone: str
    weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    holidays: str | None = "FR"
    closures: tuple[tuple[date, date], ...] = ()

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        if day.weekday() not in self.weekdays or any(first <= day <= last for first, last in self.closures):
            return False
        return self.holidays is None or day not in _holidays(self.holidays, day.year)

    def back(self, now: datetime, days: int) -> datetime:
        """The moment from which `days` worked days have gone by until now; now itself where none are to go by.

        What began on a day off counts from the next working day. A working day ends at local midnight, so that clocks
        changing in the night make it an hour shorter or longer, as for people.
        """
        return now if days == 0 else _back(self, now, days)

    def ahead(self, since: datetime, days: int) -> datetime:
        """The first moment at which `days` worked days have gone by since a moment; it may be an hour early.

        The inverse of `back`. Where clocks change it is the earlier of the two moments that it may be.
        """
        if days == 0:
            return since
        local = since.astimezone(ZoneInfo(self.time_zone))
        day, clock = local.date(), local.time()
        begun = self.works(day)
        for _ in range(days):
            day = self._step(day, _DAY)
        if not begun:
            # What began on a day off has had its last worked day when that ends, on the eve of a day off too.
            day, clock = day + _DAY, time()
        return min(self._at(day, clock.replace(fold=fold)) for fold in (0, 1))

    def next_morning(self, now: datetime, at: time) -> datetime:
        """A time of day on the next working day after today."""
        zone = ZoneInfo(self.time_zone)
        day = self._step(now.astimezone(zone).date(), _DAY)
        return datetime.combine(day, at, zone)

    def _step(self, day: date, by: timedelta) -> date:
        for _ in range(MOST_DAYS):
            day += by
            if self.works(day):
                break
        return day

    def _counted_back(self, now: datetime, days: int) -> datetime:
        local = now.astimezone(ZoneInfo(self.time_zone))
        day, clock = local.date(), local.time()
        if not self.works(day):
            # A day off has not begun to count: it is as at the end of the working day before it.
            day, clock = self._step(day, -_DAY) + _DAY, time()
            return self._at(self._whole_back(day, days), clock)
        for _ in range(days):
            day = self._step(day, -_DAY)
        return self._at(day, clock)

    def _whole_back(self, end: date, days: int) -> date:
        """The day at whose beginning `days` working days before the beginning of `end` start."""
        for _ in range(days):
            end = self._step(end, -_DAY)
        return end

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.time_zone)).astimezone(UTC)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays(country, years=year))


@lru_cache(maxsize=100_000)
def _back(calendar: WorkingCalendar, now: datetime, days: int) -> datetime:
    return calendar._counted_back(now, days)
