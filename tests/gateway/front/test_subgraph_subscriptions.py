"""A subgraph's own subscriptions, over both protocols, and what becomes of one that misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.gateway.front.rogue import Talk, rogue
from tests.gateway.front.test_subscriptions import COUNT, sse
from tests.gateway.front.world import World, world

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(data: Any, line_end: str = "\n") -> bytes:
    return line_end.join(["event: next", f"data: {json.dumps({'data': data})}", "", ""]).encode()


COMPLETE = b"event: complete\ndata:\n\n"


@asynccontextmanager
async def over_sse(*parts: bytes, pause: float = 0.0) -> AsyncIterator[World]:
    """A world whose books tell their subscriptions as these bytes."""

    async def script(talk: Talk) -> None:
        await talk.receive()
        await talk.send(*parts, pause=pause)

    async with rogue(script) as server:
        upstream = {
            "subscription_protocols": {"books": "sse"},
            "subscription_urls": {"books": server.url},
            "subgraph_response_bytes": 100_000,
        }
        async with world(upstream=upstream) as w:
            yield w


async def heard(w: World) -> list[Any]:
    """The payloads of the countdown, up to its completion."""
    return [data async for name, data in sse(w, COUNT) if name == "next"]


def codes(payloads: list[Any]) -> list[str]:
    return [error["extensions"]["code"] for payload in payloads for error in payload.get("errors", ())]


async def test_server_sent_events_of_a_subgraph_are_passed_on() -> None:
    parts = (
        HEAD,
        chunk(b": hello\n\n" + event({"countdown": 2})),
        chunk(event({"countdown": 1}, "\r\n")),
        chunk(COMPLETE),
    )
    async with over_sse(*parts, pause=0.02) as w:
        assert await heard(w) == [{"data": {"countdown": 2}}, {"data": {"countdown": 1}}]


async def test_events_torn_anywhere_are_put_together() -> None:
    body = event({"countdown": 2}) + event({"countdown": 1}) + COMPLETE
    async with over_sse(HEAD, *(chunk(bytes([byte])) for byte in body)) as w:
        assert await heard(w) == [{"data": {"countdown": 2}}, {"data": {"countdown": 1}}]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([HEAD, chunk(event({"countdown": 3}))], "SUBGRAPH_CONNECTION_LOST"),
        (
            [b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"],
            "SUBGRAPH_HTTP_ERROR",
        ),
        ([b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"], "SUBGRAPH_MALFORMED_RESPONSE"),
        ([b"SMTP ready\r\n\r\n"], "SUBGRAPH_MALFORMED_RESPONSE"),
        ([HEAD, chunk(b"event: next\ndata: {nonsense\n\n")], "SUBGRAPH_MALFORMED_RESPONSE"),
        ([HEAD, chunk(b"event: next\ndata: " + b"x" * 2_000_000)], "SUBGRAPH_RESPONSE_TOO_LARGE"),
    ],
)
async def test_a_stream_that_breaks_ends_with_its_code(parts: list[bytes], code: str) -> None:
    async with over_sse(*parts) as w:
        assert codes(await heard(w))[-1:] == [code]


@asynccontextmanager
async def over_websocket(*messages: dict[str, Any]) -> AsyncIterator[World]:
    """A world whose books answer a subscription with these messages, then close."""

    async def script(ws: ServerConnection) -> None:
        await ws.recv()
        await ws.send('{"type":"connection_ack"}')
        await ws.recv()
        for message in messages:
            await ws.send(json.dumps(message))
        await asyncio.sleep(0.05)

    async with serve(script, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-transport-ws")]) as server:
        port = server.sockets[0].getsockname()[1]
        async with world(upstream={"subscription_urls": {"books": f"ws://127.0.0.1:{port}/"}}) as w:
            yield w


async def test_a_subgraph_that_refuses_tells_why_in_its_own_words() -> None:
    errors = [{"message": "not today", "extensions": {"code": "CLOSED"}}]
    async with over_websocket({"type": "error", "id": "1", "payload": errors}) as w:
        (payload,) = await heard(w)
        assert payload["errors"][0]["message"] == "not today"
        assert payload["errors"][0]["extensions"]["code"] == "CLOSED"


async def test_a_websocket_that_closes_early_ends_the_subscription() -> None:
    async with over_websocket({"type": "next", "id": "1", "payload": {"data": {"countdown": 3}}}) as w:
        payloads = await heard(w)
        assert payloads[0] == {"data": {"countdown": 3}}
        assert codes(payloads) == ["SUBGRAPH_CONNECTION_LOST"]


async def test_a_subgraph_that_is_away_is_told() -> None:
    async with world(upstream={"subscription_urls": {"books": "ws://127.0.0.1:1/"}}) as w:
        assert codes(await heard(w)) == ["SUBGRAPH_UNREACHABLE"]
