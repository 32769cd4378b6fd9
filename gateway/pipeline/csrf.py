"""Refuses what a page of another site could send without the browser asking first (Fetch standard, CORS-safelisted)."""

from collections.abc import Mapping
from functools import lru_cache

from gateway.pipeline.refused import Refused

PREFLIGHT_HEADERS = (
    b"graphql-require-preflight",
    b"apollo-require-preflight",
    b"x-apollo-operation-name",
    b"x-graphql-yoga-csrf",
)
_SIMPLE = frozenset((b"", b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data"))


class CrossSiteRequest(Refused):
    """A simple request: it may come from a page that the user never meant to give access."""

    code = "CSRF_REFUSED"

    def __init__(self) -> None:
        super().__init__(
            "This request could come from another site. Send Content-Type: application/json, "
            "or a header such as GraphQL-Require-Preflight: 1."
        )


class UnsupportedMediaType(Refused):
    """A body that is not JSON in UTF-8."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415

    def __init__(self) -> None:
        super().__init__("Content-Type must be application/json, in UTF-8.")


@lru_cache(maxsize=256)
def _is_json(content_type: bytes) -> bool:
    name, *parameters = (part.strip().lower() for part in content_type.split(b";"))
    charsets = [value.strip(b'"') for key, _, value in (p.partition(b"=") for p in parameters) if key == b"charset"]
    return name == b"application/json" and all(charset in (b"utf-8", b"utf8") for charset in charsets)


def check_post(headers: Mapping[bytes, bytes]) -> None:
    """Let a JSON body through. Raises `CrossSiteRequest` or `UnsupportedMediaType`."""
    content_type = headers.get(b"content-type", b"")
    if _is_json(content_type):
        return
    if content_type.partition(b";")[0].strip().lower() in _SIMPLE:
        require_preflight(headers)
    raise UnsupportedMediaType


def require_preflight(headers: Mapping[bytes, bytes]) -> None:
    """Raise `CrossSiteRequest` unless a header is there that made the browser ask first."""
    if not any(name in headers for name in PREFLIGHT_HEADERS):
        raise CrossSiteRequest
