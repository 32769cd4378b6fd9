"""How far ahead of its connections a sender works."""

import math
import time

_SECONDS_AHEAD = 0.5
_SPAN_SECONDS = 0.25


class Reach:
    """Half a second's work, as quick as it goes: enough that no connection waits, and nothing waits long for its turn.

    At least twice what is sent at once, and at most `ahead` more than that.
    """

    def __init__(self, room: int, ahead: int) -> None:
        self._room, self._ahead = room, ahead
        self._rate, self._over, self._since = 0.0, 0, time.monotonic()

    def over(self) -> None:
        """One more is finished."""
        self._over += 1

    def most(self) -> int:
        """How many deliveries to hold."""
        if self._ahead == 0:
            return self._room
        if (passed := time.monotonic() - self._since) >= _SPAN_SECONDS:
            self._rate, self._over, self._since = self._over / passed, 0, time.monotonic()
        return min(self._room + self._ahead, max(2 * self._room, math.ceil(self._rate * _SECONDS_AHEAD)))
