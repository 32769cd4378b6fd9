"""When a collaborator is left alone, and when their digests come: in the clock on their wall. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notifier.preferences.cadence import Cadence

_DAYS = 7
DIGEST_AT = time(8)
DIGEST_WEEKDAY = 1


@dataclass(frozen=True)
class Rhythm:
    """Quiet hours (over midnight where they end before they begin), quiet ISO weekdays, the hour and day of digests."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekdays: tuple[int, ...] = ()
    digest_at: time = DIGEST_AT
    digest_weekday: int = DIGEST_WEEKDAY

    def quiet_end(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """When it is quiet no more; None where it is not quiet now, or would be forever."""
        moment = now
        for _ in range(2 * _DAYS + 2):
            after = self._after(zone, moment)
            if after is None:
                return moment if moment > now else None
            moment = after
        return None

    def _after(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        local = now.astimezone(zone)
        if local.isoweekday() in self.quiet_weekdays:
            return _at(local.date() + timedelta(days=1), time(), zone, now)
        start, end, clock = self.quiet_from, self.quiet_until, local.time()
        if start is None or end is None or start == end:
            return None
        if start < end:
            return _at(local.date(), end, zone, now) if start <= clock < end else None
        if clock >= start:
            return _at(local.date() + timedelta(days=1), end, zone, now)
        return _at(local.date(), end, zone, now) if clock < end else None

    def next_digest(self, zone: ZoneInfo, now: datetime, cadence: Cadence) -> datetime:
        """When the next daily or weekly digest is due."""
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(_DAYS + 2))
        moments = (
            _at(day, self.digest_at, zone, now)
            for day in days
            if cadence is Cadence.DAILY or day.isoweekday() == self.digest_weekday
        )
        return next(moment for moment in moments if moment > now)


def _at(day: date, clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """A wall clock's moment. One that comes twice, as summer time ends, is the one that is still ahead."""
    first = datetime.combine(day, clock, zone)
    found = first.astimezone(UTC)
    return found if found > now else first.replace(fold=1).astimezone(UTC)
