"""A relay that misbehaves at random. What it keeps it says it keeps: a mail kept twice is a duplicate of ours."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.smtp import Mailbox

FAULTS = ("451 deferred", "421 at RCPT", "452 after DATA", "hangs", "resets in DATA", "a byte at a time")


@dataclass
class FaultyRelay(Mailbox):
    """A mailbox that answers a share of the mails as `kinds` say; `done` counts them."""

    share: float = 0.0
    kinds: tuple[str, ...] = FAULTS
    chance: random.Random = field(default_factory=random.Random)
    done: dict[str, int] = field(default_factory=dict)
    hang: float = 3.0

    def _fault(self, *among: str) -> str:
        if self.chance.random() >= self.share:
            return ""
        kind = self.chance.choice(self.kinds)
        if kind not in among:
            return ""
        self.done[kind] = self.done.get(kind, 0) + 1
        return kind

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """See Mailbox."""
        match self._fault("451 deferred", "421 at RCPT"):
            case "451 deferred":
                return "451 4.7.1 greylisted"
            case "421 at RCPT":
                return "421 4.7.0 too much"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """See Mailbox."""
        match self._fault("452 after DATA", "hangs", "resets in DATA", "a byte at a time"):
            case "452 after DATA":
                return "452 4.2.2 full"
            case "hangs":
                await asyncio.sleep(self.hang)
                return _reset(server)
            case "resets in DATA":
                return _reset(server)
            case "a byte at a time":
                return await self._drip(server)
        return await super().handle_DATA(server, session, envelope)

    async def _drip(self, server: SMTP) -> str:
        transport: Any = server.transport
        for byte in b"250-" + b"." * 40:
            if transport is None or transport.is_closing():
                break
            transport.write(bytes([byte]))
            await asyncio.sleep(self.hang / 20)
        return _reset(server)


def _reset(server: SMTP) -> str:
    transport: Any = server.transport
    if transport is not None:
        transport.abort()
    return "451 gone"
