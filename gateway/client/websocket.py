"""A subgraph's subscription over WebSocket (protocol graphql-transport-ws)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from gateway.client.errors import BadFraming, ConnectionLost, TimedOut, Unreachable

PROTOCOL = Subprotocol("graphql-transport-ws")
ID = "1"


class Refused(ConnectionLost):
    """The subgraph refused the operation; `errors` are GraphQL errors as it sent them."""

    code = "SUBSCRIPTION_REFUSED"

    def __init__(self, errors: Any) -> None:
        super().__init__(untouched=False)
        self.errors: list[Any] = errors if isinstance(errors, list) else [errors]


async def results(
    url: str, headers: Mapping[str, str], body: bytes, connect_timeout: float, limit: int
) -> AsyncGenerator[bytes, None]:
    """Each result's JSON, until the subgraph completes; `limit` bounds a message in bytes. Raises `ExchangeFailed`."""
    socket = await _open(url, headers, connect_timeout, limit)
    try:
        await _start(socket, headers, body, connect_timeout)
        async for message in _messages(socket):
            match message.get("type"):
                case "next":
                    yield orjson.dumps(message.get("payload"))
                case "error":
                    raise Refused(message.get("payload"))
                case "complete":
                    return
                case "ping":
                    await socket.send('{"type":"pong"}')
        raise ConnectionLost(untouched=False)  # a clean close is none without `complete`
    except ConnectionClosed:
        raise ConnectionLost(untouched=False) from None
    finally:
        await socket.close()


async def _open(url: str, headers: Mapping[str, str], seconds: float, limit: int) -> ClientConnection:
    scheme, _, rest = url.partition("://")
    try:
        return await connect(
            f"{ {'http': 'ws', 'https': 'wss'}.get(scheme, scheme) }://{rest}",
            subprotocols=[PROTOCOL],
            additional_headers=dict(headers),
            open_timeout=seconds,
            max_size=limit,
            proxy=None,
        )
    except (OSError, TimeoutError, InvalidURI, WebSocketException) as error:
        raise Unreachable from error


async def _start(socket: ClientConnection, headers: Mapping[str, str], body: bytes, seconds: float) -> None:
    await socket.send(orjson.dumps({"type": "connection_init", "payload": dict(headers)}).decode())
    try:
        async with asyncio.timeout(seconds):
            async for message in _messages(socket):
                if message.get("type") == "connection_ack":
                    break
            else:
                raise ConnectionLost(untouched=True)
    except TimeoutError:
        raise TimedOut from None
    await socket.send(b'{"type":"subscribe","id":"%s","payload":%s}'.decode() % (ID, body.decode()))


async def _messages(socket: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    async for text in socket:
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise BadFraming from None
        if not isinstance(message, dict):
            raise BadFraming
        yield message
