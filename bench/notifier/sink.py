"""An SMTP server that takes everything: `python -m bench.notifier.sink PORT DELAY_MS FILE [aiosmtpd]`.

As quickly as can be, or as aiosmtpd does, the one that tests commonly send to. Each mail it takes is a line of the
file: when (seconds since 1970), to whom, and its Message-ID. The first mail itself stands in FILE.eml. The delay is
waited before each answer to DATA, as a relay that writes to its disk waits.
"""

import asyncio
import re
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

_ID = re.compile(rb"^message-id: (\S+)", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n",
    b"QUIT": b"221 bye\r\n",
    b"DATA": b"354 go on\r\n",
}


class Taken:
    """The record of what came."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._first = Path(f"{lines.name}.eml")

    def add(self, recipient: str, content: bytes) -> None:
        """One more mail."""
        if not self._first.exists():
            self._first.write_bytes(content)
        found = _ID.search(content)
        self._lines.write(f"{time.time():.6f} {recipient} {found[1].decode() if found else ''}\n")


class Reference:
    """aiosmtpd's handler; its methods' names are aiosmtpd's."""

    def __init__(self, delay: float, taken: Taken) -> None:
        self._delay, self._taken = delay, taken

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A mail came."""
        if self._delay:
            await asyncio.sleep(self._delay)
        self._taken.add(envelope.rcpt_tos[0], envelope.original_content or b"")
        return "250 2.0.0 taken"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float, taken: Taken) -> None:
        self._delay, self._taken = delay, taken
        self._buffer, self._recipient, self._in_data = bytearray(), "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport  # uvloop's is no asyncio.Transport
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._one():
            pass

    def _one(self) -> bool:
        end = b"\r\n.\r\n" if self._in_data else b"\r\n"
        found = self._buffer.find(end)
        if found < 0:
            return False
        taken = bytes(self._buffer[: found + len(end)])
        del self._buffer[: found + len(end)]
        self._take(taken) if self._in_data else self._command(taken)
        return True

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        self._in_data = verb == b"DATA"
        self._transport.write(_ANSWERS.get(verb, b"250 ok\r\n"))
        if verb == b"QUIT":
            self._transport.close()

    def _take(self, content: bytes) -> None:
        self._in_data = False
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._answer, content)
        else:
            self._answer(content)

    def _answer(self, content: bytes) -> None:
        self._transport.write(b"250 2.0.0 taken\r\n")
        self._taken.add(self._recipient, content.removesuffix(b".\r\n"))


def _protocol(delay: float, taken: Taken, reference: bool) -> asyncio.Protocol:
    return SMTP(Reference(delay, taken), hostname="sink") if reference else Sink(delay, taken)


async def _serve(port: int, delay: float, file: Path, reference: bool) -> None:
    with file.open("w", buffering=1) as lines:
        make = partial(_protocol, delay, Taken(lines), reference)
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    told = int(sys.argv[1]), float(sys.argv[2]) / 1000, Path(sys.argv[3])
    uvloop.run(_serve(*told, reference="aiosmtpd" in sys.argv[4:]))
