"""The short way of a plain POST: from uvicorn's parser to the pipeline and back, without ASGI's messages in between.

A quarter of the time of a small request went into scope, messages and their checks. Whatever is not the common case
(other paths and methods, chunked or large bodies, event streams, proxies, origins, pipelining) goes the ASGI way.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.pipeline.respond import Answer
from gateway.pipeline.run import Pipeline, Request

ASGI_ONLY = frozenset((b"transfer-encoding", b"expect", b"upgrade"))
OF_PROXIES = frozenset((b"x-forwarded-for", b"x-forwarded-proto"))


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the short way leads."""

    pipeline: Pipeline
    path: bytes
    max_body_bytes: int
    heeds_origin: bool
    """Whether answers depend on the request's origin."""


class Exchange:
    """What uvicorn's protocol wants to know of the request under way."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self, *, keep_alive: bool, message_event: asyncio.Event) -> None:
        self.keep_alive = keep_alive
        self.message_event = message_event
        self.disconnected = False
        self.response_complete = False


class DirectProtocol(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, lane: Lane, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._lane = lane
        self._headers: dict[bytes, bytes] | None = None
        """Of the request that goes the short way."""
        self._parts: list[bytes] = []
        self._asgi_only = ASGI_ONLY | {b"origin"} if lane.heeds_origin else ASGI_ONLY
        self._nobody_waits = asyncio.Event()
        self._date_headers: object = None
        self._date_lines = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        proxies, address = self.app, self.client[0] if self.client else ""
        if isinstance(proxies, ProxyHeadersMiddleware) and address in proxies.trusted_hosts:
            self._asgi_only |= OF_PROXIES

    def on_headers_complete(self) -> None:
        self._headers = self._short_way()
        if self._headers is None:
            super().on_headers_complete()
            return
        self._parts = []
        keep_alive = self.parser.should_keep_alive()
        self._exchange = Exchange(keep_alive=keep_alive, message_event=self._nobody_waits)
        self.cycle = self._exchange  # type: ignore[assignment]  # uvicorn looks at these attributes only

    def _short_way(self) -> dict[bytes, bytes] | None:
        """The headers, if all is as usual."""
        lane, parser = self._lane, self.parser
        if self.url != lane.path or parser.get_method() != b"POST" or parser.get_http_version() != "1.1":
            return None
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        headers = dict(self.headers)
        length = headers.get(b"content-length")
        if length is None or len(headers) != len(self.headers) or not self._asgi_only.isdisjoint(headers):
            return None
        if lane.max_body_bytes and int(length) > lane.max_body_bytes:
            return None
        return None if b"event-stream" in headers.get(b"accept", b"") else headers

    def on_body(self, body: bytes) -> None:
        if self._headers is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._headers is None:
            super().on_message_complete()
            return
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        address = self.client[0] if self.client else ""
        task = self.loop.create_task(self._answer(Request("POST", self._headers, b"", address, body), self._exchange))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, request: Request, exchange: Exchange) -> None:
        answer = await self._lane.pipeline.answer(request)
        if self.flow.write_paused and not exchange.disconnected:
            await self.flow.drain()
        exchange.response_complete = True
        if exchange.disconnected or not isinstance(answer, Answer):
            self.transport.close()
            return
        self.transport.write(self._encoded(answer, keep_alive=exchange.keep_alive))
        if not exchange.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _encoded(self, answer: Answer, *, keep_alive: bool) -> bytes:
        """The response's bytes. Its headers are the gateway's own: none repeats what a client sent."""
        parts = [STATUS_LINE[answer.status], self._default_lines()]
        for name, value in answer.headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n" if keep_alive else b"connection: close\r\n\r\n", answer.body)
        return b"".join(parts)

    def _default_lines(self) -> bytes:
        """The Date header: uvicorn makes it anew each second, as a list of its own."""
        headers = self.server_state.default_headers
        if headers is not self._date_headers:
            self._date_headers = headers
            self._date_lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        return self._date_lines


def protocol(lane: Lane) -> Callable[..., DirectProtocol]:
    """What makes uvicorn's connections."""

    def connect(**uvicorn: Any) -> DirectProtocol:
        return DirectProtocol(lane, **uvicorn)

    return connect
