"""Relays that behave, and relays that do not: real SMTP servers on free ports."""

import asyncio
import contextlib
import email
import email.policy
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notifier.mailer import Relay


class Inbox:
    """An aiosmtpd handler that keeps what it accepts, and answers a recipient as `answers` says."""

    def __init__(self, *, pipelining: bool = False) -> None:
        self.pipelining = pipelining
        self.received: list[tuple[str, bytes]] = []
        self.answers: dict[str, str] = {}
        self.delay = 0.0
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelining else responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay)
        answer = self.answers.get("DATA", "250 kept")
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.received.extend((address, envelope.content) for address in envelope.rcpt_tos)
        return answer

    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(content, policy=email.policy.default) for _, content in self.received]


@contextlib.asynccontextmanager
async def a_relay(inbox: Inbox, port: int = 0, **options: Any) -> AsyncIterator[Relay]:
    """aiosmtpd within this loop."""

    def protocol() -> SMTP:
        inbox.connections += 1
        return SMTP(inbox, hostname="relay.test", enable_SMTPUTF8=False, **options)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port)
    try:
        yield Relay("127.0.0.1", server.sockets[0].getsockname()[1], tls="none", timeout=1.0)
    finally:
        server.close()
        await server.wait_closed()


Misbehaviour = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Any]


@contextlib.asynccontextmanager
async def a_misbehaving_relay(misbehave: Misbehaviour, *, pipelining: bool = False) -> AsyncIterator[Relay]:
    """A relay that says yes to everything until `misbehave` (given each command, then "DATA." for the content) acts."""
    tasks: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        # A cancelled callback of start_server is logged as an error: end quietly.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _serve(reader, writer, misbehave, b"250 PIPELINING\r\n" if pipelining else b"250 OK\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield Relay("127.0.0.1", server.sockets[0].getsockname()[1], tls="none", timeout=0.5)
    finally:
        server.close()
        for task in filter(None, tasks):
            task.cancel()


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, misbehave: Misbehaviour, offers: bytes
) -> None:
    if await misbehave("CONNECT", reader, writer):
        return
    writer.write(b"220 relay.test ESMTP\r\n")
    while line := await reader.readline():
        verb = line.split()[0].decode().upper()
        if await misbehave(verb, reader, writer):
            return
        if verb == "EHLO":
            writer.write(b"250-relay.test\r\n" + offers)
        else:
            writer.write(b"354 go on\r\n" if verb == "DATA" else b"250 OK\r\n")
        if verb == "DATA":
            await reader.readuntil(b"\r\n.\r\n")
            if await misbehave("DATA.", reader, writer):
                return
            writer.write(b"250 kept\r\n")
