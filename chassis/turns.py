"""An aggregate's messages in order, while one of them waits to come again."""

import time

GRACE_SECONDS = 5.0
SHORTEST_SECONDS = 0.1


class Turns:
    """Remembers which aggregates wait, and for which message of the stream.

    In memory, of one consumer: where several share a stream, copies are guarded by the aggregate's version. A message
    that another consumer took is waited for no longer than it was put off, and GRACE_SECONDS.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[int, float]] = {}

    def put_off(self, aggregate: str, sequence: int, seconds: float) -> None:
        """This message comes again after so many seconds: later ones of its aggregate wait."""
        if not self.seconds_to_wait(aggregate, sequence):
            self._waiting[aggregate] = (sequence, time.monotonic() + seconds)

    def settled(self, aggregate: str, sequence: int) -> None:
        """This message will not come again: its aggregate goes on."""
        if self._waiting.get(aggregate, (None, 0))[0] == sequence:
            del self._waiting[aggregate]

    def seconds_to_wait(self, aggregate: str, sequence: int) -> float:
        """How long a message must stay behind an earlier one; 0 where its turn is now."""
        earlier, until = self._waiting.get(aggregate, (sequence, 0.0))
        now = time.monotonic()
        if earlier >= sequence or now > until + GRACE_SECONDS:
            return 0.0
        return max(SHORTEST_SECONDS, until - now + SHORTEST_SECONDS)
