"""MIME parts as bytes, seven bits and CRLF only. The standard library would take milliseconds for each mail."""

import binascii
from collections.abc import Sequence
from hashlib import sha256

_LINE = "\r\n"


def multipart(kind: str, *parts: bytes) -> bytes:
    """Parts, each with its headers, as one: the header of its type, a blank line, and what it holds."""
    # Made of what it parts, so that no text within can know it beforehand.
    boundary = f"=_{sha256(b''.join(parts)).hexdigest()[:32]}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary.decode()}"{_LINE}{_LINE}'.encode()
    return head + b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary


def text_part(subtype: str, text: str) -> bytes:
    """Text to read."""
    encoded = quoted_printable(text)
    return _head(f'text/{subtype}; charset="utf-8"', "quoted-printable") + encoded


def quoted_printable(text: str) -> bytes:
    """RFC 2045, 6.7, with CRLF at each line's end and at the end of the text."""
    lines = text if text.endswith("\n") else f"{text}\n"
    return binascii.b2a_qp(lines.replace("\r\n", "\n").replace("\n", _LINE).encode(), istext=True)


def base64_part(content_type: str, content: bytes, *more: str) -> bytes:
    """Something that is not to be read as text; `more` are headers."""
    return _head(content_type, "base64", *more) + _base64_lines(content)


def _base64_lines(content: bytes) -> bytes:
    encoded = binascii.b2a_base64(content, newline=False)
    return b"".join(encoded[start : start + 76] + b"\r\n" for start in range(0, len(encoded), 76))


def _head(content_type: str, encoding: str, *more: str) -> bytes:
    lines: Sequence[str] = (f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *more)
    return "".join(f"{line}{_LINE}" for line in lines).encode() + b"\r\n"
