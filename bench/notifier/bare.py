"""aiosmtplib and nothing else: `python -m bench.notifier.bare PORT FILE CONNECTIONS MAILS`.

Prints the seconds that it took, and the seconds of CPU.
"""

import asyncio
import resource
import sys
import time
from collections import deque
from pathlib import Path

import aiosmtplib
import uvloop

_MAILS_PER_CONNECTION = 100  # as the notifier does


async def _line(port: int, content: bytes, waiting: "deque[int]") -> None:
    while waiting:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for _ in range(_MAILS_PER_CONNECTION):
            if not waiting:
                break
            waiting.popleft()
            await client.mail("liant@firm.example")
            await client.rcpt("paul@cabinet.example")
            await client.data(content)
        await client.quit()


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _send(port: int, content: bytes, connections: int, mails: int) -> None:
    waiting = deque(range(mails))
    began, used = time.monotonic(), _cpu_seconds()
    await asyncio.gather(*(_line(port, content, waiting) for _ in range(connections)))
    print(time.monotonic() - began, _cpu_seconds() - used)


if __name__ == "__main__":
    uvloop.run(_send(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3]), int(sys.argv[4])))
