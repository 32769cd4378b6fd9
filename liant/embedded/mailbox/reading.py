"""A stored mail as a person or a test reads it: decoded headers, parts, links."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage

from liant.embedded.mailbox.store import StoredMail

_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Attachment:
    """A part that is not the mail's own text."""

    filename: str | None
    type: str
    size: int


@dataclass(frozen=True)
class ReadMail:
    """A mail, decoded."""

    number: int
    received_at: str
    sender: str
    recipients: list[str]
    subject: str
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    links: list[str]
    attachments: list[Attachment]


def read(mail: StoredMail) -> ReadMail:
    """Decode a mail; what is broken in it is shown as it stands rather than refused."""
    message = email.message_from_bytes(mail.source, policy=email.policy.default)
    text = _body(message, "plain")
    return ReadMail(
        number=mail.number,
        received_at=mail.envelope.received_at,
        sender=mail.envelope.sender,
        recipients=mail.envelope.recipients,
        subject=str(message["Subject"] or ""),
        headers=_headers(mail.source),
        text=text,
        html=_body(message, "html"),
        links=list(dict.fromkeys(_LINK.findall(text or ""))),
        attachments=_attachments(message),
    )


def _headers(source: bytes) -> list[tuple[str, str]]:
    """Not by the parser of addresses: Python 3.11's keeps the blank between two encoded words (RFC 2047, 6.2)."""
    raw = email.message_from_bytes(source, policy=email.policy.compat32)
    return [(name, _decoded(str(value))) for name, value in raw.items()]


def _decoded(value: str) -> str:
    unfolded = "".join(value.splitlines())
    try:
        return str(make_header(decode_header(unfolded)))
    except (LookupError, ValueError, HeaderParseError):  # an unknown charset, or bytes that are not of it
        return unfolded


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # an unknown charset or encoding
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def _attachments(message: EmailMessage) -> list[Attachment]:
    bodies = [message.get_body(("plain",)), message.get_body(("html",))]
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return [
        Attachment(part.get_filename(), part.get_content_type(), len(bytes(part.get_payload(decode=True) or b"")))
        for part in leaves
        if not any(part is body for body in bodies)
    ]
