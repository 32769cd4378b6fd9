"""How many mails a second: bare aiosmtplib with ready-made bytes, and the notifier, against the same sink."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.notifier import system
from bench.notifier.system import SinkProcess
from tests.notifier.workers import Works


@dataclass(frozen=True)
class Rate:
    """Mails a second, and the client's CPU for each, in milliseconds."""

    mails: float
    cpu_ms: float


async def bare(sink: SinkProcess, folder: Path, connections: int, mails: int) -> Rate:
    """As many connections, each sending one ready-made mail after the other; a process with uvloop, as the worker."""
    content = folder / "ready.eml"
    content.write_bytes(sink.first_mail)
    command = ("-m", "bench.notifier.bare", str(sink.port), str(content), str(connections), str(mails))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    took, used = map(float, output.split())
    return Rate(mails / took, used * 1000 / mails)


async def notifier(works: Works, sink: SinkProcess, mails: int, workers: int = 1) -> Rate:
    """A backlog of so many mails, from the first at the sink to the last; the worker's start does not count."""
    before = len(sink.taken())
    processes = [await works.start("worker") for _ in range(workers)]
    try:
        await sink.reaches(before + mails // 10)
        used = sum(system.cpu_seconds(process.pid) for process in processes)
        counted = len(sink.taken())
        await sink.reaches(before + mails)
        used = sum(system.cpu_seconds(process.pid) for process in processes) - used
    finally:
        await asyncio.gather(*(system.stop(process) for process in processes))
    taken = sorted(mail.at for mail in sink.taken()[counted:])
    return Rate((len(taken) - 1) / (taken[-1] - taken[0]), used * 1000 / len(taken))
