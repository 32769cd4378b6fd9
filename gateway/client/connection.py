"""One keep-alive HTTP/1.1 connection to a subgraph, carrying one exchange at a time (RFC 9112)."""

import asyncio
from typing import NamedTuple, cast

import httptools

from gateway.client.errors import BadFraming, ConnectionLost, ExchangeFailed, TimedOut, TooLarge


class Response(NamedTuple):
    """A complete answer; the content type is as sent, without its parameters."""

    status: int
    content_type: bytes
    body: bytes


class Connection(asyncio.Protocol):
    """Sends a request, gathers its answer, and knows whether it may be used again."""

    __slots__ = (
        "_body",
        "_content_type",
        "_framed",
        "_in_body",
        "_limit",
        "_loop",
        "_parser",
        "_size",
        "_touched",
        "_transport",
        "_waiter",
        "deadline",
        "idle_since",
        "reusable",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, response_limit: int) -> None:
        self._loop = loop
        self._limit = response_limit
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._reset()
        self.reusable = False
        self.deadline = 0.0
        self.idle_since = 0.0

    def _reset(self) -> None:
        self._body: list[bytes] = []
        self._size = 0
        self._content_type = b""
        self._touched = False
        self._framed = False
        self._in_body = False

    # The exchange

    def exchange(self, request: bytes, deadline: float) -> asyncio.Future[Response]:
        """Send a whole request; the future gives its answer or raises `ExchangeFailed`. Deadline in loop time."""
        self._reset()
        self.deadline = deadline
        waiter = self._waiter = self._loop.create_future()
        cast("asyncio.Transport", self._transport).write(request)
        return waiter

    def expire(self, now: float) -> None:
        """Give up an exchange whose deadline has passed; called by the pool's clock."""
        if self._waiter is not None and now >= self.deadline:
            self._fail(TimedOut())

    def close(self) -> None:
        """Drop the connection, whatever it is doing."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    @property
    def busy(self) -> bool:
        """Whether an exchange is under way."""
        return self._waiter is not None

    def _fail(self, error: ExchangeFailed) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        self.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.reusable = True

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:  # bytes nobody asked for would be taken for the next answer
            self.close()
            return
        self._touched = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(BadFraming())

    def eof_received(self) -> bool:
        # Without a length, the end of the connection is the end of the body (RFC 9112, 6.3 rule 8).
        if self._waiter is not None and self._in_body and not self._framed:
            self.reusable = False
            self.on_message_complete()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        self._fail(ConnectionLost(untouched=not self._touched))

    # httptools callbacks

    def on_message_begin(self) -> None:
        if self._waiter is None:  # a second answer to one request: the stream can no longer be trusted
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"content-type":
            self._content_type = value.partition(b";")[0].strip().lower()
        elif name == b"content-length":
            self._framed = True
            if int(value) > self._limit:
                self._fail(TooLarge(self._limit))
        elif name == b"transfer-encoding":
            self._framed = True

    def on_headers_complete(self) -> None:
        self._in_body = True

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > self._limit:
            self._fail(TooLarge(self._limit))
        elif self._waiter is not None:
            self._body.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # an interim response: the real one follows (RFC 9110, 15.2)
            self._reset()
            return
        waiter, self._waiter = self._waiter, None
        if waiter is None:
            return
        if not self._parser.should_keep_alive():
            self.reusable = False
        if not waiter.done():
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            waiter.set_result(Response(status, self._content_type, body))
