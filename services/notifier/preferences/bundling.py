"""How much is folded into one mail, and from how many mails on they are bundled. Pure."""

from dataclasses import dataclass
from datetime import timedelta

FOLD_SECONDS = 120
BURST_COUNT = 10
BURST_MINUTES = 10
BURST_LONGEST_MINUTES = 60


@dataclass(frozen=True)
class Bounds:
    """An organization's settings.

    Changes of an event within `fold_seconds` are one mail. Who gets more than `burst_count` mails in `burst_minutes`
    gets the others as one digest, once none came for `burst_minutes`, and at the latest after `burst_longest_minutes`.
    """

    fold_seconds: int = FOLD_SECONDS
    burst_count: int = BURST_COUNT
    burst_minutes: int = BURST_MINUTES
    burst_longest_minutes: int = BURST_LONGEST_MINUTES

    @property
    def fold(self) -> timedelta:
        """How long a change waits for the next."""
        return timedelta(seconds=self.fold_seconds)

    @property
    def burst(self) -> timedelta:
        """The window that mails are counted in."""
        return timedelta(minutes=self.burst_minutes)

    @property
    def longest(self) -> timedelta:
        """How long a burst's digest waits at most."""
        return timedelta(minutes=self.burst_longest_minutes)
