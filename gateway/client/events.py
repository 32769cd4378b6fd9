"""A subgraph's subscription over server-sent events (GraphQL over SSE, distinct connections)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import httptools

from gateway.client.address import Address
from gateway.client.errors import BadContentType, BadFraming, BadStatus, ConnectionLost, TooLarge, Unreachable

ACCEPT = "text/event-stream"
READ_BYTES = 65_536


async def results(
    address: Address, headers: bytes, body: bytes, connect_timeout: float, limit: int
) -> AsyncGenerator[bytes, None]:
    """Each result's JSON, until the subgraph completes. Raises `ExchangeFailed`; `limit` bounds one event in bytes."""
    reader, writer = await _open(address, connect_timeout)
    try:
        writer.write(b"%sContent-Length: %d\r\n%s\r\n%s" % (address.head(ACCEPT), len(body), headers, body))
        events = EventReader(limit)
        while not events.ended:
            data = await reader.read(READ_BYTES)
            for kind, text in events.feed(data):
                if kind == b"next":
                    yield text
                elif kind == b"complete":
                    return
    except OSError:
        raise ConnectionLost(untouched=False) from None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _open(address: Address, seconds: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.open_connection(address.host, address.port, ssl=address.tls)
    except (OSError, TimeoutError) as error:
        raise Unreachable from error


class EventReader:
    """Turns the bytes of a response into events (HTML standard, 9.2.6)."""

    def __init__(self, limit: int) -> None:
        self.ended = False
        self._limit = limit
        self._parser = httptools.HttpResponseParser(self)
        self._content_type = b""
        self._rest = b""
        self._kind = b""
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The events complete with these bytes; no bytes mean the end. Raises `ExchangeFailed`."""
        if not data:
            raise ConnectionLost(untouched=False)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            raise BadFraming from None
        self._check_head()
        *lines, self._rest = self._rest.replace(b"\r\n", b"\n").split(b"\n")
        events = [event for line in lines if (event := self._line(line)) is not None]
        if self._size + len(self._rest) > self._limit:
            raise TooLarge(self._limit)
        return events

    def _check_head(self) -> None:
        if not self._content_type and not self.ended:
            return  # still within the head
        status = self._parser.get_status_code()
        if status != 200:
            raise BadStatus(status)
        if self._content_type != b"text/event-stream":
            raise BadContentType

    def _line(self, line: bytes) -> tuple[bytes, bytes] | None:
        if not line:
            event = (self._kind or b"message", b"\n".join(self._lines)) if self._kind or self._lines else None
            self._kind, self._lines, self._size = b"", [], 0
            return event
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._kind = value
        elif name == b"data":
            self._lines.append(value)
            self._size += len(value)
        return None

    # httptools callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._content_type = value.partition(b";")[0].strip().lower()

    def on_body(self, body: bytes) -> None:
        self._rest += body

    def on_message_complete(self) -> None:
        self.ended = True
