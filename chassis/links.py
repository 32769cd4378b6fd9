"""Tokens of links that anybody may hold: 22 characters of 128 bits, stored only as a hash."""

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_BYTES = 16
_KEY_BYTES = 32


def new_token() -> str:
    """A random one."""
    return secrets.token_urlsafe(_BYTES)


def looks_like_token(text: str) -> bool:
    """Whether it is worth looking up."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> bytes:
    """What is stored. No salt: the token is random, and is looked up by it."""
    return sha256(token.encode()).digest()


class LinkKey:
    """A key that two services hold: either makes the same token of a link's id, so that no message carries a token."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> "LinkKey":
        """Read the first line's key: 32 bytes in URL-safe base64. Raises OSError, ValueError."""
        lines = path.read_text().split()
        key = base64.b64decode(lines[0], altchars=b"-_", validate=True) if lines else b""
        if len(key) != _KEY_BYTES:
            raise ValueError(f"{path} must begin with a key of {_KEY_BYTES} bytes in URL-safe base64")
        return cls(key)

    def token(self, link: UUID) -> str:
        """The token of a link; nobody without the key can tell it from its id."""
        return self._mac(b"link", link.bytes)

    def secret(self, purpose: bytes, thing: bytes) -> bytes:
        """32 bytes of a thing's own, for signing; nobody without the key can make them."""
        return hmac.digest(self._key, b"liant secret " + purpose + b"\0" + thing, "sha256")

    def ticket(self, organization: UUID, thing: UUID, until: int) -> str:
        """What opens one thing of one organization until a moment, in seconds since 1970."""
        return self.pass_for("ticket", (organization, thing), until)

    def opened(self, ticket: str, now: float) -> tuple[UUID, UUID] | None:
        """The organization and the thing of a ticket; None for one that is forged, cut or over."""
        ids = self.passed("ticket", ticket, now)
        return None if ids is None else (ids[0], ids[1])

    def pass_for(self, purpose: str, ids: Sequence[UUID], until: int) -> str:
        """Ids that whoever has the key believes, for one purpose and until a moment, in seconds since 1970."""
        told = ".".join([*(id.hex for id in ids), str(until)])
        return f"{told}.{self._mac(purpose.encode(), told.encode())}"

    def passed(self, purpose: str, told_pass: str, now: float) -> list[UUID] | None:
        """The ids of a pass; None for one that is forged, cut, over, or for another purpose."""
        told, _, mac = told_pass.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(purpose.encode(), told.encode()).encode()):
            return None
        *ids, until = told.split(".")
        return [UUID(hex=id) for id in ids] if now <= int(until) else None

    def seal(self, purpose: bytes, told: bytes) -> bytes:
        """32 bytes that only the key makes of what is told, apart for each purpose."""
        return hmac.digest(self._key, b"liant " + purpose + b"\0" + told, "sha256")

    def _mac(self, purpose: bytes, told: bytes) -> str:
        return base64.urlsafe_b64encode(self.seal(purpose, told)[:_BYTES]).decode().rstrip("=")
