"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com, version 1.0)."""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.identifiers import format_id
from chassis.links import LinkKey


def secret_of(key: LinkKey, endpoint: UUID, number: int) -> bytes:
    """An endpoint's secret: 32 bytes that only the holder of the key can make."""
    return key.secret(b"webhook", endpoint.bytes + number.to_bytes(4))


def shown(secret: bytes) -> str:
    """As it is given to whoever verifies."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def message_id(cause: UUID) -> str:
    """`webhook-id`: the same at every attempt, at every endpoint."""
    return format_id("message", cause)


def headers(id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The three headers; one signature for each secret that is valid now."""
    timestamp = str(int(at.timestamp()))
    signed = f"{id}.{timestamp}.".encode() + body
    signatures = [b"v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")) for secret in secrets]
    return [
        (b"webhook-id", id.encode()),
        (b"webhook-timestamp", timestamp.encode()),
        (b"webhook-signature", b" ".join(signatures)),
    ]
