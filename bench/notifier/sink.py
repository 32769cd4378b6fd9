"""An SMTP server that takes everything, as quickly as can be: `python -m bench.notifier.sink PORT DELAY_MS FILE`.

Each mail it takes is a line of the file: when (seconds since 1970), to whom, and its Message-ID. The first mail itself
stands in FILE.eml. The delay is waited before each answer to DATA, as a relay that writes to its disk waits.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any, TextIO

_ID = re.compile(rb"^message-id: (\S+)", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n",
    b"QUIT": b"221 bye\r\n",
    b"DATA": b"354 go on\r\n",
}


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float, lines: TextIO) -> None:
        self._delay, self._lines = delay, lines
        self._kept = Path(f"{lines.name}.eml")
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
        if not self._kept.exists():
            self._kept.write_bytes(content.removesuffix(b".\r\n"))
        found = _ID.search(content)
        self._lines.write(f"{time.time():.6f} {self._recipient} {found[1].decode() if found else ''}\n")


async def _serve(port: int, delay: float, file: Path) -> None:
    with file.open("w", buffering=1) as lines:
        server = await asyncio.get_running_loop().create_server(lambda: Sink(delay, lines), "127.0.0.1", port)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    told = int(sys.argv[1]), float(sys.argv[2]) / 1000, Path(sys.argv[3])
    uvloop.run(_serve(*told))
