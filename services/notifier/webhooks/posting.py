"""One signed POST, whatever the other side does: bounded in time and size, never redirected."""

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpcore

from services.notifier.channels import Outcome
from services.notifier.model import Verdict
from services.notifier.webhooks.addresses import AddressRefused, Guarded

GONE = 410
_KEPT_BYTES = 500
_IDLE_SECONDS = 15.0


class Poster:
    """Posts; used as an asynchronous context. `seconds`: for one request as a whole."""

    def __init__(self, network: Guarded, seconds: float, most_bytes: int, ca_file: Path | None = None) -> None:
        self._seconds, self._most = seconds, most_bytes
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(cafile=ca_file),
            keepalive_expiry=_IDLE_SECONDS,
            max_keepalive_connections=10,
            network_backend=network,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Outcome:
        """What came of it. Never raises for what the other side does."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(url, headers, body)
        except AddressRefused as refused:
            return Outcome(Verdict.DEFERRED, text=f"ADDRESS_REFUSED: {refused}")
        except TimeoutError:
            return Outcome(Verdict.DEFERRED, text=f"TIMEOUT: no answer within {self._seconds:g} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return Outcome(Verdict.DEFERRED, text=f"UNREACHABLE: {str(error) or type(error).__name__}")

    async def _post(self, url: str, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Outcome:
        own = [(b"content-type", b"application/json"), (b"user-agent", b"Liant-Webhooks/1")]
        async with self._pool.stream("POST", url, headers=[*own, *headers], content=body) as answer:
            told = await self._read(answer)
        return _outcome(answer.status, told)

    async def _read(self, answer: httpcore.Response) -> str:
        """The beginning of what was answered; the rest of what is too long is left, with its connection."""
        told = b""
        async for piece in answer.aiter_stream():
            told += piece
            if len(told) > self._most:
                return f"ANSWER_TOO_LARGE: over {self._most} bytes"
        # What PostgreSQL's text cannot hold, and what would not be read as it is.
        return "".join(each if each.isprintable() else " " for each in told[:_KEPT_BYTES].decode("utf-8", "replace"))


def _outcome(status: int, text: str) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Verdict.ACCEPTED, status, text)
    if status == GONE:
        return Outcome(Verdict.REFUSED, status, text)
    told = f"REDIRECTED: redirections are not followed {text}" if 300 <= status < 400 else text
    return Outcome(Verdict.DEFERRED, status, told)
