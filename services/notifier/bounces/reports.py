"""Reports on mails, read: delivery status notifications (RFC 3464) and complaints (ARF, RFC 5965). Pure.

Nothing in a report is believed but what it says of the one delivery whose envelope sender it came to.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from services.notifier.mail.plain import one_line

_WORDS_LENGTH = 300
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_BASIC = re.compile(r"\b([45]\d\d)[ -]")
# RFC 3463: the address is wrong or gone, its mailbox disabled, moved, or its domain takes no mail at all (RFC 7505).
# Exchange Online says 5.4.1 of recipients, and 5.4.310 of domains, that do not exist.
_GONE = frozenset(
    {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.0", "5.2.1", "5.4.1", "5.4.4", "5.4.310"}
)
_STORAGE_EXCEEDED = 552
_TO_US = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_OF_THE_MAIL = ("Return-Path", "Original-Mail-From", "X-Original-Mail-From")


class ReportKind(StrEnum):
    """What a report says of a mail."""

    HARD = "HARD"
    SOFT = "SOFT"
    COMPLAINT = "COMPLAINT"
    DELAYED = "DELAYED"
    DELIVERED = "DELIVERED"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Report:
    """What came: its kind, the status code (RFC 3463), words of the other side, and texts that may hold our address."""

    kind: ReportKind
    status: str = ""
    words: str = ""
    addresses: tuple[str, ...] = ()


def read_report(source: bytes) -> Report:
    """Read a message that came back. Never raises: what is no report, or cannot be read, is OTHER."""
    try:
        return _read(email.message_from_bytes(source))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The standard library's parser gives up on some of what is made to break it.
        return Report(ReportKind.OTHER, "", f"unreadable: {type(error).__name__}")


def _read(message: Message) -> Report:
    addresses = tuple(_addresses(message))
    complaint, status = _part(message, "message/feedback-report"), _part(message, "message/delivery-status")
    if complaint is not None:
        kind, words = _complaint(complaint)
        return Report(kind, "", words, addresses)
    if status is not None:
        return _of_status(status, addresses)
    return _of_words(message, addresses)


def bounce_kind(status: str, code: int | None = None) -> ReportKind:
    """Whether a failure is the address's own for good (HARD), or may pass (SOFT): a full mailbox, a policy, a delay.

    `status` is the code of RFC 3463; SMTP's own `code` decides where that says no more than its class.
    """
    if status and not status.endswith(".0.0"):
        return ReportKind.HARD if status in _GONE else ReportKind.SOFT
    permanent = 500 <= code < 600 and code != _STORAGE_EXCEEDED if code else status.startswith("5")
    return ReportKind.HARD if permanent else ReportKind.SOFT


def status_in(text: str) -> str:
    """The first code of RFC 3463 in a text that says more than its class, or else the first, or ""."""
    found = [code[0] for code in _ENHANCED.finditer(text)]
    return next((code for code in found if not code.endswith(".0.0")), found[0] if found else "")


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _fields(part: Message) -> dict[str, str]:
    """The fields of a report's machine-readable part, the last recipient's over the message's, names in lower case."""
    fields: dict[str, str] = {}
    # The parser makes messages of a delivery status's blocks, and leaves a complaint's as text.
    inner = [each for each in part.walk() if each is not part]
    for block in inner or [email.message_from_string(_text(part))]:
        fields.update({name.lower(): one_line(str(value), _WORDS_LENGTH) for name, value in block.items()})
    return fields


def _complaint(part: Message) -> tuple[ReportKind, str]:
    kind = _fields(part).get("feedback-type", "abuse").lower()
    # A reader who takes a mail out of the spam folder says "not-spam".
    return (ReportKind.OTHER if kind == "not-spam" else ReportKind.COMPLAINT), kind


def _of_status(part: Message, addresses: tuple[str, ...]) -> Report:
    fields = _fields(part)
    action = fields.get("action", "failed").lower()
    diagnosis = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    status = _worst(fields.get("status", ""), diagnosis)
    words = " ".join(filter(None, (status, diagnosis)))
    match action:
        case "delayed":
            kind = ReportKind.DELAYED
        case "delivered" | "relayed" | "expanded":
            kind = ReportKind.DELIVERED
        case _:
            kind = bounce_kind(status, smtp_code_in(diagnosis))
    return Report(kind, status, words, addresses)


def _worst(status: str, diagnosis: str) -> str:
    """The code that says more: servers that report for others say 5.0.0 where the diagnosis knows better."""
    told, within = status_in(status), status_in(diagnosis)
    return within if within and (not told or told.endswith(".0.0")) else told


def smtp_code_in(text: str) -> int | None:
    """The first 4xx or 5xx answer of SMTP in a text."""
    found = _BASIC.search(text + " ")
    return int(found[1]) if found else None


def _of_words(message: Message, addresses: tuple[str, ...]) -> Report:
    """A message without a machine-readable part: an answer of the absent, or the prose of an old server."""
    automatic = str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied")
    lines = [line for line in _prose(message).splitlines() if _ENHANCED.search(line) or _BASIC.search(line + " ")]
    status = status_in(lines[0]) if lines else ""
    if automatic or not lines or status.startswith("2"):
        return Report(ReportKind.OTHER, "", one_line(str(message.get("Subject", "")), _WORDS_LENGTH), addresses)
    kind = bounce_kind(status, smtp_code_in(lines[0]))
    return Report(kind, status, one_line(lines[0], _WORDS_LENGTH), addresses)


def _prose(message: Message) -> str:
    return "\n".join(_text(part) for part in message.walk() if part.get_content_type() == "text/plain")


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _addresses(message: Message) -> Iterator[str]:
    """Texts that may hold an envelope sender of ours: to whom it came, and what it says of the mail it is about."""
    yield from _values(message, _TO_US)
    for part in message.walk():
        match part.get_content_type():
            case "message/feedback-report":
                fields = _fields(part)
                yield from (fields[name] for name in map(str.lower, _OF_THE_MAIL) if name in fields)
            case "text/rfc822-headers":
                yield from _values(email.message_from_string(_text(part)), _OF_THE_MAIL)
            case _ if part is not message:
                yield from _values(part, _OF_THE_MAIL)


def _values(message: Message, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in message.get_all(name, [])]
