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
from typing import Any, Literal, Self

import aiosmtplib
import structlog

from services.notifier.channels import Outcome
from services.notifier.dialog import Dialog, Reply, Step, is_plain_address
from services.notifier.model import Verdict

_MAILS_PER_CONNECTION = 100
_IDLE_SECONDS = 30.0
_QUIT_SECONDS = 2.0
_TAKEN = 250
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
        self._client = relay.client()
        self._dialog: Dialog | None = None
        self._sent = 0

    async def run(self) -> None:
        """Work jobs until the queue says that there are no more."""
        while True:
            try:
                job = await self._next()
            except TimeoutError:
                await self._retire()
                continue
            if job is None:
                return await self._retire()
            await self._work(job)

    async def _next(self) -> _Job | None:
        if self._dialog is None or not self._jobs.empty():
            return await self._jobs.get()
        return await asyncio.wait_for(self._jobs.get(), _IDLE_SECONDS)

    async def _work(self, job: _Job) -> None:
        try:
            outcome = await self._attempt(job)
        except Exception as error:  # the loop must go on; the mail keeps its record
            log.exception("mail failed within the mailer")
            outcome = Outcome(Verdict.UNKNOWN, text=repr(error))
        if not job.outcome.done():
            job.outcome.set_result(outcome)
        self._sent += 1
        if outcome.verdict is not Verdict.ACCEPTED or self._sent >= _MAILS_PER_CONNECTION:
            await self._retire()

    async def _attempt(self, job: _Job) -> Outcome:
        reused = self._dialog is not None
        dialog = self._dialog or await self._connect()
        if isinstance(dialog, Outcome):
            return dialog
        outcome = await _envelope(dialog, job)
        if outcome is not None and outcome.verdict is Verdict.UNREACHABLE and outcome.code is None and reused:
            # The relay had closed a connection that we kept: nothing was sent, a new one may do.
            await self._retire()
            return await self._attempt(job)
        return outcome or await _data(dialog, job.content)

    async def _connect(self) -> Dialog | Outcome:
        client = self._client = self._relay.client()
        try:
            await client.connect()
            await _say_hello(client)
        except aiosmtplib.SMTPResponseException as error:
            _abandon(client)
            return Outcome(Verdict.UNREACHABLE, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            _abandon(client)
            return Outcome(Verdict.UNREACHABLE, text=str(error))
        transport: Any = client.transport  # uvloop's is no asyncio.Transport
        offered = {name: client.supports_extension(name) for name in ("pipelining", "size")}
        self._dialog = Dialog(transport, **offered, timeout=self._relay.timeout)
        self._sent = 0
        return self._dialog

    async def _retire(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is None:
            return
        with suppress(ConnectionError, TimeoutError):
            if dialog.is_open:
                await dialog.leave(_QUIT_SECONDS)
        _abandon(self._client)


async def _say_hello(client: aiosmtplib.SMTP) -> None:
    """Where neither TLS nor signing in did; what the relay offers is known afterwards."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()


async def _envelope(dialog: Dialog, job: _Job) -> Outcome | None:
    """Up to the relay's word that the message may come; None where it does."""
    if not is_plain_address(job.sender) or not is_plain_address(job.recipient):
        return Outcome(Verdict.REFUSED, text="an address that no command can carry")
    try:
        wrong = await dialog.envelope(job.sender, job.recipient, len(job.content))
    except (ConnectionError, TimeoutError) as error:
        return Outcome(Verdict.UNREACHABLE, text=str(error))
    return None if wrong is None else _answered(*wrong)


async def _data(dialog: Dialog, content: bytes) -> Outcome:
    began = time.monotonic()
    try:
        reply = await dialog.message(content)
    except (ConnectionError, TimeoutError) as error:
        return Outcome(Verdict.UNKNOWN, text=f"{error} after {time.monotonic() - began:.1f} s in DATA")
    return Outcome(Verdict.ACCEPTED, reply.code, reply.text) if reply.code == _TAKEN else _answered(Step.DATA, reply)


def _answered(step: Step, reply: Reply) -> Outcome:
    if reply.code == _AUTHENTICATION_REQUIRED or (reply.code == _SERVICE_NOT_AVAILABLE and _concerns_all(step, reply)):
        return Outcome(Verdict.UNREACHABLE, reply.code, reply.text)
    verdict = Verdict.REFUSED if 500 <= reply.code < 600 else Verdict.DEFERRED
    return Outcome(verdict, reply.code, reply.text, about_recipient=step is Step.RCPT)


def _concerns_all(step: Step, reply: Reply) -> bool:
    """Whether the relay goes away altogether: said of a recipient or a message, 421 is its domain's answer.

    X.3.n says that it is about the mail system itself (RFC 3463).
    """
    return step is Step.MAIL or reply.text.startswith("4.3.")


def _abandon(client: aiosmtplib.SMTP) -> None:
    """Close at once: an orderly close would wait for a relay that reads nothing."""
    transport = client.transport
    client.close()
    if transport is not None and hasattr(transport, "abort"):
        transport.abort()
