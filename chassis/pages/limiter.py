"""How often one address may be wrong."""

import time
from collections import OrderedDict
from collections.abc import Callable

_ADDRESSES = 10_000


class WrongTokens:
    """A bucket of wrong tokens an address: `burst` at once, then `per_minute`. Bounded; forgets the least recent."""

    def __init__(self, burst: int = 20, per_minute: float = 20, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, per_minute / 60, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def exhausted(self, address: str) -> bool:
        """Whether it has been wrong too often."""
        return self._now(address) < 1

    def count(self, address: str) -> None:
        """It was wrong once more."""
        self._left[address] = (self._now(address) - 1, self._clock())
        self._left.move_to_end(address)
        if len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)

    def _now(self, address: str) -> float:
        left, at = self._left.get(address, (float(self._burst), self._clock()))
        return min(float(self._burst), left + (self._clock() - at) * self._rate)
