"""The words of ASGI 3, typed."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from gateway.pipeline.respond import Answer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def send_answer(send: Send, answer: Answer) -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


def address_of(scope: Scope) -> str:
    """The client's address, as far as the server knows it."""
    client = scope.get("client")
    return str(client[0]) if client else ""
