"""A mailbox inside the test's process: real SMTP on a real port, with faults on demand."""

import asyncio
import email
import email.policy
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from liant.ports import reserve
from tests.support.control import SHARED_SECONDS, until


@dataclass(frozen=True)
class Mail:
    """One accepted message: its envelope, and its source as it came."""

    sender: str
    recipients: tuple[str, ...]
    source: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed message, headers decoded."""
        return email.message_from_bytes(self.source, policy=email.policy.default)

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return str(self.message["Subject"])

    def body(self, kind: str = "plain") -> str:
        """The text of its `text/<kind>` part. Raises AssertionError where it has none."""
        part = self.message.get_body((kind,))
        assert part is not None, f"no text/{kind} part"
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class Mailbox:
    """A sink that keeps what it accepts.

    `faults` holds answers for the next messages, first in first out; `refused`, answers to recipients.
    """

    port: int
    mails: list[Mail] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    refused: dict[str, str] = field(default_factory=dict)
    hang_seconds: float = 0
    _server: asyncio.Server | None = None

    host = "127.0.0.1"

    def fail_next(self, reply: str = "451 4.3.0 try again later", times: int = 1) -> None:
        """Answer the next messages' DATA so, keeping nothing."""
        self.faults.extend([reply] * times)

    def to(self, address: str) -> list[Mail]:
        """The mails that went to an address."""
        return [mail for mail in self.mails if address in mail.recipients]

    async def wait_for(
        self, count: int, where: Callable[[Mail], bool] = lambda mail: True, seconds: float = SHARED_SECONDS
    ) -> None:
        """Wait until so many mails are there. Raises AssertionError."""

        async def enough() -> bool:
            return sum(map(where, self.mails)) >= count

        await until(enough, seconds=seconds, what=f"{count} mails; there are {[m.subject for m in self.mails]}")

    def clear(self) -> None:
        """Forget mails and faults."""
        self.mails.clear()
        self.faults.clear()
        self.refused.clear()
        self.hang_seconds = 0

    async def start(self) -> None:
        """Listen (again) on the same port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="mailbox.test", enable_SMTPUTF8=True), self.host, self.port
        )

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        self._server = None

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for a recipient."""
        if (answer := self.refused.get(address)) is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # aiosmtpd's name
        """aiosmtpd's hook for a message that was received in full."""
        if self.hang_seconds:
            await asyncio.sleep(self.hang_seconds)
        if self.faults:
            return self.faults.popleft()
        content = envelope.content
        source = content.encode() if isinstance(content, str) else content or b""
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), source))
        return "250 2.0.0 kept"


@asynccontextmanager
async def run_mailbox() -> AsyncIterator[Mailbox]:
    """A mailbox for the length of a block."""
    box = Mailbox(reserve())
    await box.start()
    try:
        yield box
    finally:
        await box.stop()
