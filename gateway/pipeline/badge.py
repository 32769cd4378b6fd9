"""What a subgraph is told of the caller: a token of the gateway's own, for that subgraph alone, living a minute."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from gateway.pipeline.authenticate import Caller

Sign = Callable[[Mapping[str, Any], str], str]
KEPT_SECONDS = 30.0  # of the token's 60: whoever gets it still has half a minute to read it


class Badges:
    """Header lines for a subgraph; the same ones for half a minute, since a signature costs more than a request."""

    def __init__(self, sign: Sign | None) -> None:
        self._sign = sign

    def lines(self, caller: Caller, subgraph: str) -> bytes:
        """The Authorization line, or nothing if the gateway has no key or the caller no claims."""
        if self._sign is None or not caller.claims:
            return b""
        now = time.monotonic()
        badge = caller.badges.get(subgraph)
        if badge is None or now >= badge[1]:
            token = self._sign(caller.claims, subgraph)
            badge = caller.badges[subgraph] = (f"Authorization: Bearer {token}\r\n".encode("ascii"), now + KEPT_SECONDS)
        return badge[0]
