"""Moments and spans: always with an offset, appointments with their IANA time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from chassis.errors import InvalidInput

LONGEST_APPOINTMENT = timedelta(days=31)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def moment(field: str, value: datetime) -> datetime:
    """An aware moment, in UTC. Raises InvalidInput for one without an offset, or outside 1970 to 2199."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidInput(field, "Give the moment with its offset, as in 2026-11-24T09:00:00+01:00.")
    # Compared before converting: near the ends of the calendar an offset leads out of it.
    if not EARLIEST <= value < LATEST:
        raise InvalidInput(field, "Give a moment between 1970 and 2199.")
    return value.astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def time_zone(field: str, value: str) -> str:
    """An IANA name. Raises InvalidInput."""
    if value not in _zones():
        raise InvalidInput(field, "Give an IANA time zone, as in Europe/Paris.")
    return value


@dataclass(frozen=True, slots=True)
class Slot:
    """From when to when, and in whose clock it was agreed."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str


def slot(starts_at: datetime, ends_at: datetime, zone: str) -> Slot:
    """A span that ends after it starts. Raises InvalidInput naming `startsAt`, `endsAt` or `timeZone`."""
    found = Slot(moment("startsAt", starts_at), moment("endsAt", ends_at), time_zone("timeZone", zone))
    if found.ends_at <= found.starts_at:
        raise InvalidInput("endsAt", "An appointment ends after it starts.")
    if found.ends_at - found.starts_at > LONGEST_APPOINTMENT:
        raise InvalidInput("endsAt", f"An appointment lasts at most {LONGEST_APPOINTMENT.days} days.")
    return found
