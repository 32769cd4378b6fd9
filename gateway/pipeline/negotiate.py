"""Which media type answers a request (GraphQL over HTTP, 4 and 6; RFC 9110, 12.5.1)."""

from enum import Enum
from functools import lru_cache

from gateway.pipeline.refused import Refused


class Media(Enum):
    """The media types the gateway answers with."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"
    HTML = "text/html"


class NotAcceptable(Refused):
    """The Accept header leaves out everything we can send."""

    code = "NOT_ACCEPTABLE"
    status = 406

    def __init__(self) -> None:
        super().__init__("Accept must allow application/graphql-response+json or application/json.")


_OFFERED = {media.value: media for media in Media} | {"application/*": Media.JSON, "*/*": Media.JSON}


@lru_cache(maxsize=256)
def accepted_media(accept: bytes | None) -> tuple[Media, ...]:
    """The media types a client takes, best first; a client that says nothing predates the specification: JSON."""
    if not accept:
        return (Media.JSON,)
    ranges = [_range(part) for part in accept.decode("latin-1").split(",")]
    wanted = sorted((r for r in ranges if r[1] > 0), key=lambda r: -r[1])
    return tuple(dict.fromkeys(_OFFERED[name] for name, _ in wanted if name in _OFFERED))


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key == "q":
            return name, _quality(value)
        if key == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            return name, 0.0
    return name, 1.0


def _quality(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def negotiate(accept: bytes | None) -> Media:
    """The media type of a GraphQL response. Raises `NotAcceptable`."""
    for media in accepted_media(accept):
        if media is not Media.HTML:
            return media
    raise NotAcceptable
