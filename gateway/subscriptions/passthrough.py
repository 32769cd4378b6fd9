"""Subscriptions that a subgraph serves itself, over WebSocket or server-sent events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from gateway.client import events as sse
from gateway.client import websocket
from gateway.client.address import Address
from gateway.client.errors import BadFraming
from gateway.config import Upstream
from gateway.pipeline.run import Pipeline, Ready
from gateway.subscriptions.results import Event


class Passthrough:
    """Asks the subgraph that owns the root field, as the caller."""

    def __init__(self, pipeline: Pipeline, upstream: Upstream) -> None:
        self._pipeline = pipeline
        self._upstream = upstream

    async def events(self, ready: Ready, cursor: str | None) -> AsyncGenerator[Event, None]:
        """What the subgraph sends. Raises `FetchFailed` or `VariablesInvalid`; a subgraph has no cursor."""
        async with aclosing(self._answers(ready)) as answers:
            try:
                async for answer in answers:
                    yield _event(answer)
            except websocket.Refused as refused:  # not a fault of the way: the subgraph tells why in its own words
                yield Event(None, refused.errors)

    def _answers(self, ready: Ready) -> AsyncGenerator[bytes, None]:
        subscription, upstream = ready.prepared.operation.subscription, self._upstream
        body = subscription.body(ready.variables)
        name = subscription.subgraph
        url = upstream.subscription_urls.get(name, self._pipeline.serving.subgraphs[name].url)
        lines = ready.context.headers(name)
        limits = (upstream.subgraph_connect_timeout, upstream.subgraph_response_bytes)
        if upstream.subscription_protocols.get(name, upstream.subscription_protocol) == "sse":
            return sse.results(Address.parse(url), lines, body, *limits)
        return websocket.results(url, _as_mapping(lines), body, *limits)


def _as_mapping(lines: bytes) -> dict[str, str]:
    pairs = (line.partition(": ") for line in lines.decode("latin-1").split("\r\n") if line)
    return {name: value for name, _, value in pairs}


def _event(answer: bytes) -> Event:
    try:
        result = orjson.loads(answer)
    except orjson.JSONDecodeError:
        raise BadFraming from None
    if not isinstance(result, dict):
        raise BadFraming
    return Event(result.get("data"), result.get("errors") or ())
