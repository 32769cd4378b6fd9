"""GraphQL over HTTP as a bare ASGI application: a framework's routing would cost a fifth of the hot path."""

from collections.abc import Mapping

from gateway.pipeline import respond
from gateway.pipeline.limits import RequestTooLarge
from gateway.pipeline.negotiate import Media
from gateway.pipeline.run import Pipeline, Request, Stream
from gateway.transport.asgi import Receive, Scope, Send, address_of, send_answer
from gateway.transport.sse import EventStreams


class Disconnected(Exception):
    """The client went away before its request was complete."""


class GraphQLOverHTTP:
    """Answers GET and POST of the GraphQL path."""

    def __init__(self, pipeline: Pipeline, streams: EventStreams, max_body_bytes: int) -> None:
        self._pipeline = pipeline
        self._streams = streams
        self._max_body = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        method = scope["method"]
        try:
            body = await self._body(headers, receive) if method == "POST" else b""
        except RequestTooLarge as refused:
            await send_answer(send, respond.refusal(refused, Media.JSON))
            return
        except Disconnected:
            return
        request = Request(method, headers, scope["query_string"], address_of(scope), body)
        answer = await self._pipeline.answer(request)
        if isinstance(answer, Stream):
            await self._streams.send(answer, receive, send)
        else:
            await send_answer(send, answer)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        limit = self._max_body
        if limit and int(headers.get(b"content-length", b"0")) > limit:
            raise RequestTooLarge(limit)
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
            if limit and len(body) > limit:
                raise RequestTooLarge(limit)
        if message["type"] == "http.disconnect":
            raise Disconnected
        return body
