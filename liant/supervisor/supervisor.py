"""All the parts of one system."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from liant.process import end, spawn
from liant.supervisor.keeper import Keeper
from liant.supervisor.lines import Sink, Tail
from liant.supervisor.part import Job, JobFailed, Part, how_it_ended

T = TypeVar("T")


class Supervisor:
    """Starts waves of parts one after the other, keeps them running, and stops them in the opposite order."""

    def __init__(self, sink: Sink, changed: Callable[[], None] = lambda: None) -> None:
        self._sink, self._changed = sink, changed
        self._waves: list[list[Keeper]] = []

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the parts that are ready now."""
        return {keeper.part.name: keeper.pid for wave in self._waves for keeper in wave if keeper.pid is not None}

    @property
    def missing(self) -> list[str]:
        """Names of the parts that do not run, or are not ready yet."""
        return [keeper.part.name for wave in self._waves for keeper in wave if keeper.pid is None]

    async def start(self, parts: Sequence[Part], seconds: float = 60) -> None:
        """Start parts side by side and wait until each is ready. Raises SupervisorError."""
        wave = [Keeper(part, self._sink, self._changed) for part in parts]
        self._waves.append(wave)
        await _together([keeper.start(seconds) for keeper in wave])

    async def run(self, jobs: Sequence[Job], seconds: float = 120) -> list[list[str]]:
        """Run jobs side by side until each has ended. Gives each one's last lines. Raises JobFailed."""
        return await _together([self._run(job, seconds) for job in jobs])

    async def stop(self, patience: float = 15) -> None:
        """End every part, the last started wave first; `patience` is seconds per wave before SIGKILL."""
        for wave in reversed(self._waves):
            await asyncio.gather(*(keeper.stop(patience) for keeper in wave))

    async def _run(self, job: Job, seconds: float) -> list[str]:
        tail = Tail(job.name, self._sink)
        process = await spawn(job.launch, asyncio.subprocess.PIPE)
        try:
            async with asyncio.timeout(seconds):
                await tail.follow(process)
                code = await process.wait()
        except TimeoutError:
            raise JobFailed(job.name, f"did not end within {seconds:.0f} s", list(tail.last)) from None
        finally:
            if process.returncode is None:
                await end(process, job.launch.stop_signal, patience=2)
        if code:
            raise JobFailed(job.name, how_it_ended(code), list(tail.last))
        return list(tail.last)


async def _together(works: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:  # where one failed, the others have nothing left to do
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
