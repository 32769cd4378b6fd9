"""Operations over WebSocket: the graphql-transport-ws protocol, as the npm package graphql-ws defines it."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import aclosing
from typing import Any

import orjson
import structlog

from gateway.config import Limits
from gateway.metrics import FAULTS, SUBSCRIPTIONS
from gateway.pipeline.authenticate import Caller
from gateway.pipeline.read import from_message
from gateway.pipeline.refused import Refused
from gateway.pipeline.run import Pipeline
from gateway.subscriptions.results import Subscriptions
from gateway.transport.asgi import Receive, Scope, Send, address_of

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
PING_SECONDS = 25.0
MAX_ID_LENGTH = 128

_log = structlog.get_logger(__name__)


class Closed(Exception):
    """The connection ends, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class WebSockets:
    """Accepts connections."""

    def __init__(
        self,
        pipeline: Pipeline,
        subscriptions: Subscriptions,
        limits: Limits,
        stopping: asyncio.Event,
        origins: Collection[str] | None,
    ) -> None:
        """`origins`: pages that may connect beside the gateway's own; None for any, where tokens are asked for."""
        self._pipeline = pipeline
        self._subscriptions = subscriptions
        self._limits = limits
        self._stopping = stopping
        self._origins = origins

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether a page of another site opened this: no browser asks first for a WebSocket (RFC 6455, 10.2)."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if self._origins is None or not origin or origin in self._origins or "*" in self._origins:
            return False
        return origin.partition("://")[2] != headers.get(b"host", b"").decode("latin-1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3; one call is one connection."""
        await receive()  # websocket.connect
        if self._is_foreign(scope):
            await send({"type": "websocket.close", "code": 4403, "reason": "Origin not allowed"})
            return
        if PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": f"Speak {PROTOCOL}"})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        connection = Connection(self._pipeline, self._subscriptions, self._limits, scope, receive, send)
        serving = asyncio.ensure_future(connection.serve())
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not serving.done():
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await connection.close(1001, "Going away")


class Connection:
    """One client: its identity, and the operations it has open."""

    def __init__(
        self,
        pipeline: Pipeline,
        subscriptions: Subscriptions,
        limits: Limits,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._pipeline = pipeline
        self._subscriptions = subscriptions
        self._limits = limits
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._address = address_of(scope)
        self._receive = receive
        self._send = send
        self._caller: Caller | None = None
        self._open: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Take messages until either side closes."""
        ping = asyncio.ensure_future(self._keep_alive())
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._init(await self._message())
            while True:
                await self._take(await self._message())
        except TimeoutError:
            await self.close(4408, "Connection initialisation timeout")
        except Closed as closed:
            await self.close(closed.code, closed.reason)
        except Gone:
            pass
        finally:
            ping.cancel()
            for task in self._open.values():
                task.cancel()
            await asyncio.gather(*self._open.values(), return_exceptions=True)

    async def close(self, code: int, reason: str) -> None:
        """Say why, and close."""
        await self._send({"type": "websocket.close", "code": code, "reason": reason[:120]})

    async def _message(self) -> dict[str, Any]:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Gone
        text = event.get("text") or event.get("bytes") or ""
        if self._limits.max_body_bytes and len(text) > self._limits.max_body_bytes:
            raise Closed(4400, f"A message is larger than {self._limits.max_body_bytes} bytes")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Closed(4400, "A message must be JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Closed(4400, "A message must be an object with a type")
        return message

    async def _init(self, message: dict[str, Any]) -> None:
        while message["type"] == "ping":
            await self._say(type="pong")
            message = await self._message()
        if message["type"] != "connection_init":
            raise Closed(4401, "Unauthorized")
        headers = {**self._headers, **_given_headers(message.get("payload"))}
        try:
            self._caller = await self._pipeline.caller(headers, self._address)
        except Refused as refused:
            raise Closed(4403, f"{refused.code}: {refused.message}") from None
        self._headers = headers
        await self._say(type="connection_ack")

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribe":
                self._subscribe(message)
            case "complete":
                if task := self._open.pop(str(message.get("id")), None):
                    task.cancel()
            case "ping":
                await self._say(type="pong")
            case "pong":
                pass
            case "connection_init":
                raise Closed(4429, "Too many initialisation requests")
            case _:
                raise Closed(4400, "Unknown message type")

    def _subscribe(self, message: dict[str, Any]) -> None:
        name = message.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= MAX_ID_LENGTH:
            raise Closed(4400, "Subscribe needs an id")
        if name in self._open:
            raise Closed(4409, f"Subscriber for {name} already exists")
        limit = self._limits.max_subscriptions
        if limit and len(self._open) >= limit:
            raise Closed(4400, f"SUBSCRIPTION_LIMIT: {limit} operations are open already")
        self._open[name] = asyncio.ensure_future(self._run(name, message.get("payload")))

    async def _run(self, name: str, payload: Any) -> None:
        try:
            with SUBSCRIPTIONS.labels("websocket").track_inprogress():
                await self._operation(name, payload)
        except Refused as refused:
            await self._say(type="error", id=name, payload=refused.as_errors())
        except Exception:  # one operation's fault must not end the others of the connection
            FAULTS.inc()
            _log.exception("operation failed")
            await self.close(4500, "Internal error")
        finally:
            if self._open.get(name) is asyncio.current_task():
                del self._open[name]

    async def _operation(self, name: str, payload: Any) -> None:
        parameters = from_message(payload)
        caller = await self._pipeline.caller(self._headers, self._address)
        ready = self._pipeline.admit(parameters, caller, self._headers)
        cursor = parameters.extensions.get("cursor")
        async with aclosing(self._subscriptions.results(ready, cursor if isinstance(cursor, str) else None)) as results:
            async for result in results:
                await self._text(b'{"type":"next","id":%s,"payload":%s}' % (orjson.dumps(name), result.body))
        self._open.pop(name, None)  # the client may use the id again as soon as it reads that this one is complete
        await self._say(type="complete", id=name)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            await self._say(type="ping")

    async def _say(self, **message: Any) -> None:
        await self._text(orjson.dumps(message))

    async def _text(self, message: bytes) -> None:
        await self._send({"type": "websocket.send", "text": message.decode()})


class Gone(Exception):
    """The client closed the connection."""


def _given_headers(payload: Any) -> Mapping[bytes, bytes]:
    """What stands for headers in connection_init: browsers cannot set any on a WebSocket."""
    if not isinstance(payload, dict):
        return {}
    inner = payload.get("headers")
    given = {**payload, **(inner if isinstance(inner, dict) else {})}
    return {
        name.lower().encode("latin-1", "replace"): value.encode("latin-1", "replace")
        for name, value in given.items()
        if isinstance(value, str) and "\r" not in value and "\n" not in value
    }
