"""How far ahead of its connections a sender works."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS_AHEAD = 0.5
_SECONDS_SOON = 0.1
_SPAN_SECONDS = 0.25


class Reach:
    """Enough that no connection waits while more is due, and so little that nothing waits long for its turn.

    It grows where connections ran dry and a claim found all that it asked for, and goes back to half a second's work
    where they never did: at least twice what is sent at once, at most `ahead` more than that.
    """

    def __init__(self, room: int, ahead: int) -> None:
        self._room, self._least, self._greatest = room, min(2 * room, room + ahead), room + ahead
        self._size = self._least
        self._dry, self._waiting = False, 0
        self._rate, self._over, self._since = 0.0, 0, time.monotonic()

    def over(self) -> None:
        """One more is finished."""
        self._over += 1

    @contextmanager
    def dry(self) -> Iterator[None]:
        """A connection has nothing to send within this block."""
        self._waiting += 1
        self._dry = True
        try:
            yield
        finally:
            self._waiting -= 1

    def claimed(self, asked: int, found: int) -> None:
        """So many were there of those that were asked for."""
        if self._dry and found == asked:
            self._size, self._dry = min(2 * self._size, self._greatest), self._waiting > 0

    def most(self) -> int:
        """How many deliveries to hold."""
        if (passed := time.monotonic() - self._since) >= _SPAN_SECONDS:
            self._rate = self._over / passed
            if not self._dry:
                self._size = max(self._least, min(self._size, math.ceil(self._rate * _SECONDS_AHEAD)))
            self._dry, self._over, self._since = self._waiting > 0, 0, time.monotonic()
        return self._size

    def soon(self) -> int:
        """How many may be written down as begun at once: they go within a moment, and may not be stopped any more."""
        return max(self._room, math.ceil(self._rate * _SECONDS_SOON))
