"""DKIM signatures (RFC 6376), where the relay makes none. Some milliseconds a mail: off the event loop."""

from dataclasses import dataclass
from pathlib import Path

import dkim

# What a forger would change, and what a list server may not; named twice, a header cannot be added either.
_SIGNED = (
    b"from",
    b"from",
    b"to",
    b"subject",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"auto-submitted",
)


@dataclass(frozen=True)
class Signer:
    """Signs as a domain, by the key that its DNS publishes under a selector."""

    domain: str
    selector: str
    key: bytes

    @classmethod
    def from_file(cls, path: Path, domain: str, selector: str) -> "Signer":
        """With an RSA key in PEM. Raises OSError, ValueError."""
        signer = cls(domain, selector, path.read_bytes())
        try:
            signer.signed(b"From: a@example.org\r\n\r\n\r\n")
        except dkim.DKIMException as error:
            raise ValueError(f"{path} is no key that DKIM signs with: {error}") from error
        return signer

    def signed(self, content: bytes) -> bytes:
        """The message with its signature before it."""
        here = {name.lower() for name in _names(content)}
        headers = [name for name in _SIGNED if name in here]
        signature: bytes = dkim.sign(
            content,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=headers,
        )
        return signature + content


def _names(content: bytes) -> list[bytes]:
    head = content.partition(b"\r\n\r\n")[0]
    return [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
