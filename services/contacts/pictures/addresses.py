"""Where a picture is shown: an address that nobody can guess, signed with the picture's own key, good for a while.

A replaced picture has another id and key, so an address always shows the same bytes, and caches may keep it.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

# From the beginning of a day, so that the address is the same, and cached, all day long.
DAYS = 2
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address says: which picture of whom, in which size, until when (seconds of Unix time)."""

    organization: UUID
    picture: UUID
    side: int
    until: int


def path_of(organization: UUID, picture: UUID, side: int, key: bytes, now: datetime) -> str:
    """`/photos/<organization>.<picture>.<side>.<until>.<signature>`, good for DAYS - 1 days at least."""
    today = int(now.timestamp()) // _DAY * _DAY
    shown = Shown(organization, picture, side, today + int(timedelta(days=DAYS).total_seconds()))
    return f"/photos/{_told(shown)}.{_signature(shown, key)}"


def parsed(text: str) -> tuple[Shown, str] | None:
    """What an address says and its signature, which is still to be checked; None for what is no address."""
    try:
        organization, picture, side, until, signature = text.split(".")
        shown = Shown(UUID(hex=organization), UUID(hex=picture), int(side), int(until))
    except ValueError:
        return None
    return (shown, signature) if _told(shown) == text.rpartition(".")[0] else None


def is_good(shown: Shown, signature: str, key: bytes, now: datetime) -> bool:
    """Whether the signature is the key's and its time has not come."""
    right = hmac.compare_digest(signature.encode(), _signature(shown, key).encode())
    return right and now.astimezone(UTC).timestamp() < shown.until


def _told(shown: Shown) -> str:
    return f"{shown.organization.hex}.{shown.picture.hex}.{shown.side}.{shown.until}"


def _signature(shown: Shown, key: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, _told(shown).encode(), sha256)[:18]).decode()
