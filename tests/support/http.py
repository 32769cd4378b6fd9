"""A program that webhooks go to: real HTTP on a real port, answering as each path says, or not at all."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson

from tests.support.control import until

_ANSWERS = {
    "ok": b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkept",
    "gone": b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n",
    "broken": b"HTTP/1.1 500 Oops\r\ncontent-length: 6\r\n\r\nbroken",
    "redirect": b"HTTP/1.1 302 Found\r\nlocation: /ok\r\ncontent-length: 0\r\n\r\n",
    "large": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000,
    "nonsense": b"\x00\x01 no HTTP at all\r\n\r\n",
}


@dataclass(frozen=True)
class Posted:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """Which message it is."""
        return str(orjson.loads(self.body)["type"])


@dataclass
class Sink:
    """What was posted; `answers` says how a path answers from now on: a name of _ANSWERS, or "hang"."""

    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def url(self, path: str = "ok", scheme: str = "http") -> str:
        """Where a path is."""
        return f"{scheme}://127.0.0.1:{self.port}/{path}"

    async def wait_for(self, count: int) -> None:
        """Wait until so many requests came. Raises AssertionError."""

        async def enough() -> bool:
            return len(self.posted) >= count

        await until(enough, what=f"{count} requests; there are {len(self.posted)}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                path = first.split()[1].lstrip("/")
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.posted.append(Posted(path, headers, body))
                answer = self.answers.get(path, path)
                if answer == "hang":
                    await asyncio.sleep(3600)
                writer.write(_ANSWERS.get(answer, _ANSWERS["ok"]))
                await writer.drain()
                if answer in ("large", "nonsense"):
                    break
        writer.close()


@asynccontextmanager
async def run_sink(tls: ssl.SSLContext | None = None) -> AsyncIterator[Sink]:
    """A sink for the length of a block."""
    sink, tasks = Sink(), set[asyncio.Task[None]]()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(sink.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
