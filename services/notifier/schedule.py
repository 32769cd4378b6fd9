"""When a mail is tried again. Pure."""

import random
from datetime import timedelta

from services.notifier.model import Verdict

TRIES = 18
_JITTER = 0.1
_GROWTH = 1.3
_DOUBT_SECONDS = 10.0
_DOUBT_GROWTH = 3.0
_OUTAGE_SECONDS = 1.0
_LONGEST_OUTAGE_SECONDS = 15.0


def delay(verdict: Verdict, tries: int, first: float) -> timedelta | None:
    """How long to wait after the given number of tries; None to give up. `first`: seconds after the first deferral.

    A mail in doubt is tried again sooner, with the same Message-ID: a connection that breaks within DATA is far more
    often a relay that stopped than one that had taken the mail.
    """
    if tries >= TRIES:
        return None
    seconds = first * _GROWTH ** (tries - 1)
    if verdict is Verdict.UNKNOWN:
        seconds = min(seconds, _DOUBT_SECONDS * _DOUBT_GROWTH ** (tries - 1))
    return timedelta(seconds=seconds * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311  # spreads load, hides nothing


def outage_pause(failures: int) -> float:
    """Seconds to leave a relay alone that took no mail so many times in a row."""
    return min(_LONGEST_OUTAGE_SECONDS, _OUTAGE_SECONDS * 2.0 ** (failures - 1))
