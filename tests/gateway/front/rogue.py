"""A server that answers each connection by a script, so that a test can misbehave on purpose."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ANSWER = b'{"data":{"ok":true}}'

Script = Callable[["Talk"], Awaitable[None]]


def http(
    body: bytes = ANSWER, status: str = "200 OK", content_type: str = "application/json", extra: str = ""
) -> bytes:
    """A well-formed response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


@dataclass
class Talk:
    """One connection: `number` counts from 1."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: list[bytes]

    async def receive(self) -> bytes:
        """Read one request's body; raises `IncompleteReadError` when the client closed."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        self.requests.append(body)
        return body

    async def send(self, *parts: bytes, pause: float = 0.0) -> None:
        """Write the parts, each in a segment of its own if there is a pause."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(pause)


@dataclass
class Rogue:
    """The running server."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def rogue(script: Script) -> AsyncIterator[Rogue]:
    """Serve `script` on a free port; a connection closes when its script ends."""
    state = Rogue("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.connections += 1
        talk = Talk(state.connections, reader, writer, state.requests)
        try:
            await script(talk)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    state.url = f"http://127.0.0.1:{port}/graphql?x=1"
    try:
        yield state
    finally:
        server.close()


async def answer_for_ever(talk: Talk) -> None:
    """The well-behaved script."""
    while True:
        await talk.receive()
        await talk.send(http())
