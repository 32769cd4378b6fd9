"""One part's life: started, seen ready, started again whenever it ends, stopped."""

import asyncio
import contextlib
from collections.abc import Callable

from liant.process import end, spawn
from liant.supervisor.lines import Sink, Tail
from liant.supervisor.part import NotStarted, Part, PartNotReady, SupervisorError, how_it_ended

FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
STEADY_SECONDS = 30.0
ENDS_BEFORE_GIVING_UP = 4
LOOK_AGAIN_SECONDS = 0.1


class Keeper:
    """Keeps one part running. `changed` is called whenever it became ready, or ended."""

    def __init__(self, part: Part, sink: Sink, changed: Callable[[], None]) -> None:
        self.part = part
        self.pid: int | None = None
        self._tail, self._sink, self._changed = Tail(part.name, sink), sink, changed
        self._process: asyncio.subprocess.Process | None = None
        self._was_ready = asyncio.Event()
        self._stopping = False
        self._life: asyncio.Task[None] | None = None

    async def start(self, seconds: float) -> None:
        """Start it and wait until it is ready. Raises PartNotReady, NotStarted."""
        self._life = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self._was_ready.wait())
        await asyncio.wait({self._life, ready}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._life.done():
            await self._life  # raises why
        if not self._was_ready.is_set():
            raise PartNotReady(self.part.name, f"no answer within {seconds:.0f} s", list(self._tail.last))

    async def stop(self, patience: float) -> None:
        """End it within `patience` seconds, and keep it ended."""
        self._stopping = True
        if self._process:
            await end(self._process, self.part.launch.stop_signal, patience)
        if self._life:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError, SupervisorError):
                await self._life

    async def _keep(self) -> None:
        delay, early_ends = FIRST_DELAY, 0
        loop = asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            how = await self._live_once()
            if self._stopping:
                return
            early_ends += not self._was_ready.is_set()
            if early_ends >= ENDS_BEFORE_GIVING_UP:
                raise PartNotReady(self.part.name, f"it {how} again and again", list(self._tail.last))
            if loop.time() - began > STEADY_SECONDS:
                delay = FIRST_DELAY
            self._tell(f"{how}; starting it again in {delay:.1f} s")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _live_once(self) -> str:
        try:
            self._process = process = await spawn(self.part.launch, asyncio.subprocess.PIPE)
        except OSError as error:
            if not self._was_ready.is_set():
                raise NotStarted(self.part.name, self.part.launch.argv[0], error) from error
            return f"cannot be started ({error.strerror})"
        watch = asyncio.create_task(self._watch_ready(process.pid))
        follow = asyncio.create_task(self._tail.follow(process))
        try:
            code = await process.wait()
            await asyncio.wait({follow}, timeout=1)  # a grandchild may hold the pipe open after the part is gone
        finally:
            watch.cancel()
            follow.cancel()
        self.pid = None
        self._changed()
        return how_it_ended(code)

    async def _watch_ready(self, pid: int) -> None:
        while not await self.part.ready():  # noqa: ASYNC110  # another process: no event of ours to wait for
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        self.pid = pid
        if self._was_ready.is_set():
            self._tell(f"is ready again as process {pid}")
        self._was_ready.set()
        self._changed()

    def _tell(self, what: str) -> None:
        self._sink("liant", f"{self.part.name} {what}")
