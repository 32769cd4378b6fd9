"""Time zones as people name them."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FALLBACK_ZONE = "Europe/Paris"
_known_zones = cache(available_timezones)  # walks a folder


def zone_name(*names: str) -> str:
    """The first of these that is a time zone here."""
    return next((name for name in names if name in _known_zones()), FALLBACK_ZONE)


def zone_of(*names: str) -> ZoneInfo:
    """The zone of the first of these that is one here."""
    return ZoneInfo(zone_name(*names))
