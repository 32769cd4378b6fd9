"""Results as server-sent events: the distinct connections mode of the GraphQL over SSE protocol."""

import asyncio
from contextlib import aclosing

from gateway.metrics import SUBSCRIPTIONS
from gateway.pipeline.run import Stream
from gateway.subscriptions.results import Result, Subscriptions
from gateway.transport.asgi import Receive, Send

KEEP_ALIVE_SECONDS = 12.0
KEEP_ALIVE = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies that hold answers back would hold back every event
]


class EventStreams:
    """Sends results until the operation or the client ends. Resumable: `Last-Event-ID`, or a cursor in extensions."""

    def __init__(self, subscriptions: Subscriptions, stopping: asyncio.Event) -> None:
        self._subscriptions = subscriptions
        self._stopping = stopping

    async def send(self, stream: Stream, receive: Receive, send: Send) -> None:
        """Answer one request; returns when either side is done, or the gateway stops."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        ends = [self._pump(stream, send), _keep_alive(send), _disconnected(receive), self._stopping.wait()]
        tasks = [asyncio.ensure_future(end) for end in ends]
        with SUBSCRIPTIONS.labels("sse").track_inprogress():
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await send({"type": "http.response.body", "body": b""})

    async def _pump(self, stream: Stream, send: Send) -> None:
        async with aclosing(self._subscriptions.results(stream.ready, stream.cursor)) as results:
            async for result in results:
                await send(_chunk(_event(result)))
        await send(_chunk(COMPLETE))


def _event(result: Result) -> bytes:
    position = b"id: %s\n" % result.cursor.encode() if result.cursor is not None else b""
    return b"event: next\n%sdata: %s\n\n" % (position, result.body)  # JSON has no line breaks of its own


def _chunk(body: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _keep_alive(send: Send) -> None:
    while True:
        await asyncio.sleep(KEEP_ALIVE_SECONDS)
        await send(_chunk(KEEP_ALIVE))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
