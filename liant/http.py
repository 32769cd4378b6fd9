"""The few HTTP requests that the command line makes."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

Body = bytes | BinaryIO | None


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


async def get(url: str, seconds: float = 5) -> Answer:
    """GET an http:// address. Raises OSError, http.client.HTTPException."""
    return await asyncio.to_thread(_request, "GET", url, None, {}, seconds)


async def post_json(url: str, content: object, headers: Mapping[str, str], seconds: float = 30) -> Answer:
    """POST JSON to an http:// address. Raises OSError, http.client.HTTPException."""
    sent = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    return await asyncio.to_thread(_request, "POST", url, json.dumps(content).encode(), sent, seconds)


async def put_file(url: str, path: Path, seconds: float = 60) -> Answer:
    """PUT a file to an http:// address, a block at a time. Raises OSError, http.client.HTTPException."""

    def put() -> Answer:
        with path.open("rb") as file:
            return _request("PUT", url, file, {"Content-Length": str(path.stat().st_size)}, seconds)

    return await asyncio.to_thread(put)


async def is_ok(url: str) -> bool:
    """Whether a GET is answered 200 now."""
    try:
        return (await get(url, seconds=2)).status == 200
    except (OSError, http.client.HTTPException):
        return False


def _request(
    method: str, url: str, body: bytes | BinaryIO | None, headers: Mapping[str, str], timeout: float
) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        target = parts.path or "/"
        connection.request(method, f"{target}?{parts.query}" if parts.query else target, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()
