"""A part's life: run until a signal, stop taking, finish, drain."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)

Loop = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


async def run_until_stopped(loops: dict[str, Loop], shutdown_seconds: float) -> None:
    """Run named loops side by side until SIGTERM or SIGINT; then each may finish what it began.

    A loop that ends or raises by itself stops the part, so that whoever supervises it sees it and starts it again.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = {asyncio.create_task(run(stop), name=name) for name, run in loops.items()}
    stopper = asyncio.create_task(stop.wait())
    await asyncio.wait({*tasks, stopper}, return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in tasks if task.done() and task.exception()]
    stop.set()
    _log.info("stopping", unfinished=[task.get_name() for task in tasks if not task.done()])
    _, late = await asyncio.wait(tasks, timeout=shutdown_seconds)
    for task in late:
        _log.warning("did not stop in time", loop=task.get_name())
        task.cancel()
    stopper.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in failed:
        _log.error("loop failed", loop=task.get_name(), exc_info=task.exception())
    if failed:
        raise SystemExit(1)
