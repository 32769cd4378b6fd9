"""Leaves a failing subgraph alone for a moment, so that requests fail fast and it can recover."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """Opens when, within `window` seconds, `ratio` of at least `volume` exchanges failed; tries again after `rest`."""

    volume: int = 20
    ratio: float = 0.5
    window: float = 10.0
    rest: float = 5.0


class Breaker:
    """Closed, open, or half open (one exchange is let through to see)."""

    __slots__ = ("_failed", "_policy", "_probing", "_rested_at", "_succeeded", "_window_ends")

    def __init__(self, policy: BreakerPolicy) -> None:
        self._policy = policy
        self._rested_at: float | None = None
        self._probing = False
        self._window_ends = 0.0
        self._succeeded = self._failed = 0

    @property
    def is_open(self) -> bool:
        """Whether exchanges are being refused, or one is being let through to see."""
        return self._rested_at is not None

    def admits(self, now: float) -> bool:
        """Whether an exchange may start; in half-open state, only the first one."""
        if self._rested_at is None:
            return True
        if self._probing or now < self._rested_at:
            return False
        self._probing = True
        return True

    def succeeded(self, now: float) -> None:
        """Count a success; one while half open closes the breaker."""
        if self._rested_at is not None:
            self._close(now)
        elif now >= self._window_ends:
            self._start_window(now)
        self._succeeded += 1

    def failed(self, now: float) -> None:
        """Count a failure, and open if there were too many."""
        if now >= self._window_ends:
            self._start_window(now)
        self._failed += 1
        total = self._failed + self._succeeded
        too_many = total >= self._policy.volume and self._failed >= total * self._policy.ratio
        if too_many or self._probing:
            self._rested_at = now + self._policy.rest
            self._probing = False

    def abandoned(self) -> None:
        """An exchange ended without telling anything of the subgraph (its caller went away)."""
        self._probing = False

    def _close(self, now: float) -> None:
        self._rested_at = None
        self._probing = False
        self._start_window(now)

    def _start_window(self, now: float) -> None:
        self._window_ends = now + self._policy.window
        self._succeeded = self._failed = 0
