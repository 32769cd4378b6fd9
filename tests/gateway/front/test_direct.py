"""The short way of a plain POST, seen on the wire: what a client notices must not depend on which way was taken."""

import asyncio
import json
import re
from typing import Any

import pytest

from gateway.transport.direct import DirectProtocol
from tests.gateway.front.world import World, world

BODY = json.dumps({"query": "{ books { title } }"}).encode()
TITLES = [b"Candide", b"Germinal", b"Nana"]


def post(body: bytes = BODY, *headers: bytes, version: bytes = b"1.1", path: bytes = b"/graphql") -> bytes:
    """A request as it goes over the wire."""
    lines = [b"POST %s HTTP/%s" % (path, version), b"Host: gateway", b"Content-Type: application/json", *headers]
    if b"Transfer-Encoding: chunked" not in headers:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class Client:
    """A socket to the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, w: World) -> "Client":
        port = int(w.url.rpartition(":")[2])
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def answer(self) -> tuple[bytes, bytes]:
        """Head and body of the next response."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = re.search(rb"content-length: (\d+)", head.lower())
        assert length is not None, head
        return head, await self.reader.readexactly(int(length[1]))

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        self.writer.write(request)
        return await self.answer()


def titles(body: bytes) -> list[Any]:
    return [book["title"].encode() for book in json.loads(body)["data"]["books"]]


async def test_a_connection_carries_many_requests() -> None:
    async with world() as w:
        client = await Client.to(w)
        for _ in range(3):
            head, body = await client.ask(post())
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"\r\ndate: " in head
            assert b"connection: close" not in head
            assert titles(body) == TITLES


async def test_a_request_may_come_byte_by_byte() -> None:
    async with world() as w:
        client = await Client.to(w)
        for byte in post():
            client.writer.write(bytes([byte]))
            await client.writer.drain()
            await asyncio.sleep(0)
        assert titles((await client.answer())[1]) == TITLES


async def test_pipelined_requests_are_answered_in_order() -> None:
    async with world() as w:
        client = await Client.to(w)
        bodies = [json.dumps({"query": f"{{ n{n}: __typename books {{ title }} }}"}).encode() for n in range(5)]
        client.writer.write(b"".join(map(post, bodies)))
        for n in range(5):
            assert f"n{n}" in json.loads((await client.answer())[1])["data"]


async def test_the_last_request_of_a_connection_closes_it() -> None:
    async with world() as w:
        client = await Client.to(w)
        head, body = await client.ask(post(BODY, b"Connection: close"))
        assert b"connection: close" in head
        assert titles(body) == TITLES
        assert await client.reader.read() == b""


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(chunked(BODY), b"Transfer-Encoding: chunked"),
        post(BODY, b"Origin: https://elsewhere.example"),
        post(BODY, b"X-Forwarded-For: 192.0.2.1"),
        post(path=b"/graphql?a=b"),
    ],
)
async def test_the_uncommon_is_answered_too(request_bytes: bytes) -> None:
    async with world() as w:
        client = await Client.to(w)
        for _ in range(2):
            assert titles((await client.ask(request_bytes))[1]) == TITLES
        assert titles((await client.ask(post()))[1]) == TITLES


async def test_a_client_may_ask_before_it_sends_the_body() -> None:
    async with world() as w:
        client = await Client.to(w)
        head, _, body = post(BODY, b"Expect: 100-continue").partition(b"\r\n\r\n")
        client.writer.write(head + b"\r\n\r\n")
        assert (await client.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
        assert titles((await client.ask(body))[1]) == TITLES


async def test_http_1_0_is_answered() -> None:
    async with world() as w:
        client = await Client.to(w)
        head, body = await client.ask(post(version=b"1.0"))
        assert b"connection: close" in head.lower()
        assert titles(body) == TITLES


async def test_a_body_over_the_limit_is_refused() -> None:
    async with world() as w:
        client = await Client.to(w)
        head, body = await client.ask(post(BODY + b" " * 1_000_000))
        assert head.startswith(b"HTTP/1.1 413")
        assert json.loads(body)["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


async def test_a_client_that_leaves_harms_nobody() -> None:
    async with world() as w:
        for _ in range(5):
            client = await Client.to(w)
            client.writer.write(post())
            await client.writer.drain()
            client.writer.transport.abort()
        assert titles((await (await Client.to(w)).ask(post()))[1]) == TITLES


async def test_a_plain_post_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    decide = DirectProtocol._short_way

    def noted(self: DirectProtocol) -> dict[bytes, bytes] | None:
        headers = decide(self)
        taken.append(headers is not None)
        return headers

    monkeypatch.setattr(DirectProtocol, "_short_way", noted)
    async with world() as w:
        client = await Client.to(w)
        await client.ask(post())
        await client.ask(post(chunked(BODY), b"Transfer-Encoding: chunked"))
    assert taken == [True, False]
