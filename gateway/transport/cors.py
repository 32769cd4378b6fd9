"""Lets pages of other origins in (Fetch standard, CORS protocol). Not in the way where no origin is configured."""

from collections.abc import Sequence

from gateway.transport.asgi import App, Message, Receive, Scope, Send

MAX_AGE = b"600"
ALLOWED_METHODS = b"GET, POST, OPTIONS"
EXPOSED = b"etag, retry-after, www-authenticate"


class Cors:
    """Answers preflights and marks the answers to allowed origins. Credentials travel in headers, never in cookies."""

    def __init__(self, app: App, origins: Sequence[str]) -> None:
        self._app = app
        self._any = "*" in origins
        self._origins = {origin.encode("ascii") for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is None or not (self._any or origin in self._origins):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await self._preflight(origin, headers.get(b"access-control-request-headers", b""), send)
        else:
            await self._app(scope, receive, self._marking(origin, send))

    def _allow(self, origin: bytes) -> tuple[bytes, bytes]:
        return (b"access-control-allow-origin", b"*" if self._any else origin)

    async def _preflight(self, origin: bytes, wanted: bytes, send: Send) -> None:
        headers = [
            self._allow(origin),
            (b"access-control-allow-methods", ALLOWED_METHODS),
            (b"access-control-allow-headers", wanted),
            (b"access-control-max-age", MAX_AGE),
            (b"vary", b"origin, access-control-request-headers"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _marking(self, origin: bytes, send: Send) -> Send:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                allow = [self._allow(origin), (b"access-control-expose-headers", EXPOSED)]
                message = {**message, "headers": [*message["headers"], *allow]}
            await send(message)

        return marked
