"""From the encoded result to an HTTP response: status, media type, compression, caching."""

import zlib
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from gateway.pipeline.negotiate import Media
from gateway.pipeline.refused import Refused

GZIP_LEVEL = 1  # three quarters of the gain for a fifth of the time of the default
_CONTENT_TYPE = {media: (b"content-type", f"{media.value}; charset=utf-8".encode()) for media in Media}
_VARY = (b"vary", b"accept, accept-encoding, origin")
_NO_STORE = (b"cache-control", b"no-store")

Header = tuple[bytes, bytes]


class Answer(NamedTuple):
    """What goes out."""

    status: int
    headers: list[Header]
    body: bytes


class Outgoing(NamedTuple):
    """How to send: compressed above `compress_above` bytes (0: never) to whoever takes gzip."""

    compress_above: int
    max_age: int


def result(body: bytes, media: Media, accept_encoding: bytes | None, outgoing: Outgoing) -> Answer:
    """The response of an operation that was carried out, partial or not."""
    headers = [_CONTENT_TYPE[media], _VARY]
    if outgoing.compress_above and len(body) > outgoing.compress_above and _takes_gzip(accept_encoding):
        body = _gzip(body)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    return Answer(200, headers, body)


def cacheable(answer: Answer, if_none_match: bytes | None, max_age: int, *, private: bool) -> Answer:
    """The response to a GET of a persisted query, with its validator (RFC 9110, 8.8.3 and 13.1.2)."""
    etag = b'W/"%s"' % blake2b(answer.body, digest_size=12).hexdigest().encode()
    scope = b"private" if private else b"public"
    caching = [(b"etag", etag), (b"cache-control", b"%s, max-age=%d" % (scope, max_age))]
    if if_none_match is not None and etag in (tag.strip() for tag in if_none_match.split(b",")):
        return Answer(304, [*caching, _VARY], b"")
    return Answer(answer.status, [*answer.headers, *caching], answer.body)


def refusal(refused: Refused, media: Media) -> Answer:
    """The response to a request that was not carried out."""
    tolerant = refused.of_document and media is Media.JSON
    status = 200 if tolerant else refused.status
    body = orjson.dumps({"errors": refused.as_errors()})
    return _errors(status, body, media, list(refused.headers))


def fault(media: Media) -> Answer:
    """The response when the fault is ours: nothing of it is told."""
    body = orjson.dumps(masked_fault())
    return _errors(500, body, media, [])


def masked_fault() -> dict[str, Any]:
    """What a client gets to see of an unexpected error."""
    return {"errors": [{"message": "Internal error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}


def _errors(status: int, body: bytes, media: Media, headers: list[Header]) -> Answer:
    kind = media if media is Media.GRAPHQL else Media.JSON
    length = (b"content-length", b"%d" % len(body))
    return Answer(status, [_CONTENT_TYPE[kind], _VARY, _NO_STORE, length, *headers], body)


def _takes_gzip(accept_encoding: bytes | None) -> bool:
    if not accept_encoding:
        return False
    for part in accept_encoding.lower().split(b","):
        coding, _, quality = part.partition(b";")
        if coding.strip() in (b"gzip", b"*"):
            return quality.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
