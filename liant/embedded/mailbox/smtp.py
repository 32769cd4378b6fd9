"""The SMTP side: keeps what it accepts, misbehaves when it was asked to."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from liant.embedded.mailbox.reading import read
from liant.embedded.mailbox.store import MailStore

logger = logging.getLogger("mailbox")


@dataclass(frozen=True)
class Fault:
    """What the next message gets: an answer instead of being kept, or a wait in seconds before it is."""

    reply: str | None = None
    hang: float = 0.0


@dataclass
class Keeper:
    """aiosmtpd's handler."""

    store: MailStore
    faults: deque[Fault] = field(default_factory=deque)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # aiosmtpd's name
        """Keep a message that was received in full, unless a fault is due."""
        fault = self.faults.popleft() if self.faults else Fault()
        await asyncio.sleep(fault.hang)
        if fault.reply:
            logger.info("refused, as asked: %s", fault.reply)
            return fault.reply
        content = envelope.content or b""
        source = content.encode() if isinstance(content, str) else content
        number = self.store.add(envelope.mail_from or "", envelope.rcpt_tos, source)
        self._tell(number)
        return f"250 2.0.0 kept as {number}"

    def _tell(self, number: int) -> None:
        if mail := self.store.get(number):
            logger.info("mail %s for %s: %s", number, ", ".join(mail.envelope.recipients), read(mail).subject)


async def listen(keeper: Keeper, host: str, port: int) -> asyncio.Server:
    """Take SMTP connections. Raises OSError."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(keeper, hostname="mailbox.liant", enable_SMTPUTF8=True), host, port)
