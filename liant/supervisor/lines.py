"""A child's output, line by line."""

import asyncio
import codecs
from collections import deque
from collections.abc import AsyncIterator, Callable

# (part's name, line): shows or keeps a line.
Sink = Callable[[str, str], None]

_LONGEST = 100_000


async def lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Each line until the end; bytes that are no UTF-8 are shown as such, a line without end comes in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while chunk := await stream.read(65_536):
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in whole:
            yield line.rstrip("\r")
        if len(rest) > _LONGEST:
            yield rest
            rest = ""
    if rest:
        yield rest


class Tail:
    """Passes lines on to a sink and remembers the last ones, to show when a start fails."""

    def __init__(self, name: str, sink: Sink, size: int = 25) -> None:
        self._name, self._sink = name, sink
        self.last: deque[str] = deque(maxlen=size)

    async def follow(self, process: asyncio.subprocess.Process) -> None:
        """Until the process's output ends; it must have been spawned with a pipe."""
        if process.stdout is None:
            return
        async for line in lines(process.stdout):
            self.last.append(line)
            self._sink(self._name, line)
