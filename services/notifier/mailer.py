"""Mails to the relay: the only file that imports aiosmtplib.

A send is never cancelled: each connection belongs to one task that finishes what it began, and a caller that goes away
only stops listening. Cancelling within DATA would deliver the mail all the same and leave the connection unusable.
"""

import asyncio
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import aiosmtplib
import structlog

from services.notifier.channels import Outcome
from services.notifier.model import Verdict

_MAILS_PER_CONNECTION = 100
_IDLE_SECONDS = 30.0
_QUIT_SECONDS = 2.0
_SERVICE_NOT_AVAILABLE = 421
_AUTHENTICATION_REQUIRED = 530

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Relay:
    """The SMTP server that takes our mails, and how to reach it. `timeout`: seconds for one answer."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    timeout: float = 60.0

    def client(self) -> aiosmtplib.SMTP:
        """A client, not yet connected."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            timeout=self.timeout,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            tls_context=None if self.tls == "none" else ssl.create_default_context(cafile=self.ca_file),
        )


async def greet(relay: Relay) -> str | None:
    """Connect, encrypt and sign in as for a mail, then leave. What is wrong, or None."""
    client = relay.client()
    try:
        await client.connect()
        await client.noop()
        await client.quit(timeout=_QUIT_SECONDS)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        _abandon(client)
    return None


@dataclass(frozen=True)
class _Job:
    sender: str
    recipient: str
    content: bytes
    outcome: asyncio.Future[Outcome]


class Mailer:
    """A number of connections to one relay, used as an asynchronous context: leaving it finishes what was begun."""

    def __init__(self, relay: Relay, connections: int) -> None:
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._lines = [_Line(relay, self._jobs) for _ in range(connections)]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(line.run(), name="smtp") for line in self._lines]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._tasks:
            self._jobs.put_nowait(None)
        await asyncio.shield(asyncio.gather(*self._tasks))

    async def send(self, sender: str, recipient: str, content: bytes) -> Outcome:
        """Hand one message, as bytes, to the relay for one recipient. Never raises for what the relay does."""
        job = _Job(sender, recipient, content, asyncio.get_running_loop().create_future())
        self._jobs.put_nowait(job)
        return await asyncio.shield(job.outcome)


class _Line:
    """One connection and the task that owns it."""

    def __init__(self, relay: Relay, jobs: asyncio.Queue[_Job | None]) -> None:
        self._relay, self._jobs = relay, jobs
        self._client: aiosmtplib.SMTP | None = None
        self._sent = 0

    async def run(self) -> None:
        """Work jobs until the queue says that there are no more."""
        while True:
            try:
                job = await asyncio.wait_for(self._jobs.get(), _IDLE_SECONDS if self._client else None)
            except TimeoutError:
                await self._retire()
                continue
            if job is None:
                return await self._retire()
            await self._work(job)

    async def _work(self, job: _Job) -> None:
        try:
            outcome = await self._attempt(job)
        except Exception as error:  # the loop must go on; the mail keeps its record
            log.exception("mail failed within the mailer")
            outcome = Outcome(Verdict.UNKNOWN, text=repr(error))
        self._sent += 1
        if outcome.verdict is not Verdict.ACCEPTED or self._sent >= _MAILS_PER_CONNECTION:
            await self._retire()
        if not job.outcome.done():
            job.outcome.set_result(outcome)

    async def _attempt(self, job: _Job) -> Outcome:
        reused = self._client is not None
        client = self._client or await self._connect()
        if isinstance(client, Outcome):
            return client
        outcome = await _envelope(client, job)
        if outcome is not None and outcome.verdict is Verdict.UNREACHABLE and outcome.code is None and reused:
            # The relay had closed a connection that we kept: nothing was sent, a new one may do.
            await self._retire()
            return await self._attempt(job)
        return outcome or await _data(client, job.content)

    async def _connect(self) -> aiosmtplib.SMTP | Outcome:
        client = self._relay.client()
        try:
            await client.connect()
        except aiosmtplib.SMTPResponseException as error:
            _abandon(client)
            return Outcome(Verdict.UNREACHABLE, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            _abandon(client)
            return Outcome(Verdict.UNREACHABLE, text=str(error))
        self._client, self._sent = client, 0
        return client

    async def _retire(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(aiosmtplib.SMTPException, OSError):
            if client.is_connected:
                await client.quit(timeout=_QUIT_SECONDS)
        _abandon(client)


async def _envelope(client: aiosmtplib.SMTP, job: _Job) -> Outcome | None:
    """MAIL and RCPT; None where the relay wants the message."""
    try:
        size = [f"SIZE={len(job.content)}"] if client.supports_extension("size") else []
        await client.mail(job.sender, options=size)
        await client.rcpt(job.recipient)
    except aiosmtplib.SMTPResponseException as error:
        return _answered(error)
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as error:
        return Outcome(Verdict.UNREACHABLE, text=str(error))
    except ValueError as error:
        return Outcome(Verdict.REFUSED, text=str(error))
    return None


async def _data(client: aiosmtplib.SMTP, content: bytes) -> Outcome:
    began = time.monotonic()
    try:
        answer = await client.data(content)
    except aiosmtplib.SMTPResponseException as error:
        return _answered(error)
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as error:
        return Outcome(Verdict.UNKNOWN, text=f"{error} after {time.monotonic() - began:.1f} s in DATA")
    return Outcome(Verdict.ACCEPTED, answer.code, answer.message)


def _answered(error: aiosmtplib.SMTPResponseException) -> Outcome:
    if error.code == _AUTHENTICATION_REQUIRED or (error.code == _SERVICE_NOT_AVAILABLE and _concerns_all(error)):
        return Outcome(Verdict.UNREACHABLE, error.code, error.message)
    verdict = Verdict.REFUSED if 500 <= error.code < 600 else Verdict.DEFERRED
    return Outcome(verdict, error.code, error.message, isinstance(error, aiosmtplib.SMTPRecipientRefused))


def _concerns_all(error: aiosmtplib.SMTPResponseException) -> bool:
    """Whether the relay goes away altogether: said of a recipient or a message, 421 is its domain's answer.

    X.3.n says that it is about the mail system itself (RFC 3463).
    """
    of_one = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    return not of_one or error.message.startswith("4.3.")


def _abandon(client: aiosmtplib.SMTP) -> None:
    """Close at once: an orderly close would wait for a relay that reads nothing."""
    transport = client.transport
    client.close()
    if transport is not None and hasattr(transport, "abort"):
        transport.abort()
