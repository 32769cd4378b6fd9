"""Who is asking: the claims of a verified token, kept while the token lives so that it is verified once."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.pipeline.lru import LRU
from gateway.pipeline.refused import Refused

Claims = Mapping[str, Any]
Verify = Callable[[str], Awaitable[Claims]]


class Unauthenticated(Refused):
    """No token, or one that is not accepted; the code says which of the two, and why."""

    status = 401
    headers = ((b"www-authenticate", b"Bearer"),)

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True, eq=False)
class Caller:
    """Somebody who asks; `key` is what their requests are counted under, `expires_at` in Unix time."""

    key: str
    claims: Claims = field(default_factory=dict)
    expires_at: float = float("inf")
    badges: dict[str, tuple[bytes, float]] = field(default_factory=dict)  # see gateway.pipeline.badge

    def check_current(self) -> None:
        """Raise `Unauthenticated` once the token has expired; long-lived connections ask for each message."""
        if time.time() >= self.expires_at:
            raise Unauthenticated("TOKEN_EXPIRED", "The token has expired: get a new one.")


class Authenticator:
    """Verifies bearer tokens (RFC 6750); without `verify`, everybody is somebody without claims."""

    KNOWN_TOKENS = 10_000

    def __init__(self, verify: Verify | None, *, allow_anonymous: bool = False) -> None:
        self._verify = verify
        self._required = verify is not None and not allow_anonymous
        self._known: LRU[bytes, Caller] = LRU(self.KNOWN_TOKENS)

    async def caller(self, authorization: bytes | None, address: str) -> Caller:
        """Who sent this header from this address. Raises `Unauthenticated`."""
        if self._verify is None or (authorization is None and not self._required):
            return Caller(address)
        if authorization is None:
            raise Unauthenticated("TOKEN_MISSING", "Send a token: Authorization: Bearer …")
        known = self._known.get(authorization)
        if known is None:
            known = await self._verified(self._verify, authorization)
            self._known.put(authorization, known)
        known.check_current()
        return known

    async def _verified(self, verify: Verify, authorization: bytes) -> Caller:
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("TOKEN_INVALID", "The Authorization header must be: Bearer <token>.")
        claims = await verify(token.strip())
        return Caller(f"token:{claims.get('sub', '')}", claims, float(claims.get("exp", float("inf"))))
