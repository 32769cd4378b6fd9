"""One connection to a relay once it is greeted, encrypted and signed in: mails in as few round trips as it allows.

aiosmtplib makes the connection; what comes after is spoken here: a relay that offers PIPELINING (RFC 2920) is told
sender, recipient and DATA at once, which saves two of a mail's four round trips.
"""

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from enum import IntEnum

_ADDRESS = re.compile(r"[!-;=?-~]+")  # printable ASCII without blanks and angle brackets
_LONGEST_REPLY = 65_536


class Step(IntEnum):
    """The commands of a mail, in order."""

    MAIL = 0
    RCPT = 1
    DATA = 2


_WANTED = {Step.MAIL: (250,), Step.RCPT: (250, 251), Step.DATA: (354,)}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the relay answered: its code, and its words in one text."""

    code: int
    text: str


def is_plain_address(address: str) -> bool:
    """Whether an address can stand in a command, and be nothing but an address there."""
    return _ADDRESS.fullmatch(address) is not None


class Dialog(asyncio.Protocol):
    """Speaks on a transport that it takes over. `timeout`: seconds for one answer, whole."""

    def __init__(self, transport: asyncio.Transport, *, pipelining: bool, size: bool, timeout: float) -> None:
        self._transport, self._pipelining, self._size, self._timeout = transport, pipelining, size, timeout
        self._buffer, self._lines = bytearray(), list[bytes]()
        self._replies: deque[Reply] = deque()
        self._arrived = asyncio.Event()
        self._lost: str | None = None
        transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._buffer += data
        if len(self._buffer) > _LONGEST_REPLY:
            return self._lose("the relay answers without end")
        *lines, rest = bytes(self._buffer).split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            self._take(line.rstrip(b"\r"))
        return None

    def _take(self, line: bytes) -> None:
        if not line[:3].isdigit():
            return self._lose("the relay answers what is no reply")
        self._lines.append(line[4:].strip())
        if line[3:4] != b"-":
            text = b"\n".join(self._lines).decode("utf-8", "replace")
            self._lines.clear()
            self._replies.append(Reply(int(line[:3]), text))
            self._arrived.set()
        return None

    def eof_received(self) -> bool:
        """See asyncio.Protocol."""
        self._lose("the relay closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._lose(f"connection lost{f': {exc}' if exc else ''}")

    def _lose(self, why: str) -> None:
        self._lost = self._lost or why
        self._arrived.set()

    async def envelope(self, sender: str, recipient: str, size: int) -> tuple[Step, Reply] | None:
        """Whom it is from and to, and that it comes; None where the relay waits for the message, else what it refused.

        Raises ConnectionError, TimeoutError.
        """
        self._replies.clear()  # what was said unasked answers nothing
        told = f" SIZE={size}" if self._size else ""
        commands = [f"MAIL FROM:<{sender}>{told}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n"]
        if self._pipelining:
            self._write(b"".join(commands))
        for step, command in zip(Step, commands, strict=True):
            if not self._pipelining:
                self._write(command)
            reply = await self._reply()
            if reply.code not in _WANTED[step]:
                if self._pipelining and step is not Step.DATA:
                    # It may wait for a message that it will not bring: nothing more can be said here.
                    self._lose("the relay refused an envelope")
                return step, reply
        return None

    async def message(self, content: bytes) -> Reply:
        """The reply to a message's content. Raises ConnectionError, TimeoutError."""
        self._write(_on_the_wire(content))
        return await self._reply()

    async def leave(self, seconds: float) -> None:
        """Say goodbye. Raises ConnectionError, TimeoutError."""
        self._replies.clear()
        self._timeout = seconds
        self._write(b"QUIT\r\n")
        await self._reply()

    @property
    def is_open(self) -> bool:
        """Whether anything can be said."""
        return self._lost is None and not self._transport.is_closing()

    def _write(self, data: bytes) -> None:
        if not self.is_open:
            raise ConnectionError(self._lost or "the connection is closing")
        self._transport.write(data)

    async def _reply(self) -> Reply:
        if not self._replies:
            try:
                async with asyncio.timeout(self._timeout):
                    await self._next()
            except TimeoutError:
                # An answer that comes now would be taken for the next one's: not even goodbye is said.
                self._lose("the relay did not answer in time")
                raise TimeoutError("Timed out waiting for server response") from None
        return self._replies.popleft()

    async def _next(self) -> None:
        while not self._replies:
            if self._lost is not None:
                raise ConnectionError(self._lost)
            self._arrived.clear()
            await self._arrived.wait()


def _on_the_wire(content: bytes) -> bytes:
    """CRLF at every line's end, a dot before a dot that begins one, and the dot that ends all (RFC 5321, 4.5.2)."""
    lines = content.count(b"\r\n")
    if content.count(b"\n") != lines or content.count(b"\r") != lines:
        # A lone one is read as a line's end by some, and by others not: two mails out of one.
        content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    told = content.replace(b"\r\n.", b"\r\n..")
    dot = b"." if content.startswith(b".") else b""
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    return b"%b%b%b.\r\n" % (dot, told, end)
