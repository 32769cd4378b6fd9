"""Child processes that never outlive the one that started them."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Output = int | IO[bytes]


@dataclass(frozen=True)
class Account:
    """The user a child runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Launch:
    """How a process is started, and which signals end it: politely, or because its parent is gone."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL


async def spawn(launch: Launch, output: Output | None = None) -> asyncio.subprocess.Process:
    """Start it in a session of its own (a terminal's Ctrl-C reaches the parent only). Raises OSError.

    Call it from the main thread: Linux signals the child when the *thread* that forked it ends.
    """
    account = launch.account
    return await asyncio.create_subprocess_exec(
        *launch.argv,
        env={**os.environ, **launch.env},
        cwd=launch.cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT if output is not None else None,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=_tie_to_parent(launch.orphan_signal),
    )


async def end(process: asyncio.subprocess.Process, polite: signal.Signals, patience: float) -> int:
    """Ask it to stop, wait `patience` seconds, then kill its whole group. Gives its return code."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(polite)
    try:
        return await asyncio.wait_for(process.wait(), patience)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return await process.wait()


def _tie_to_parent(orphan_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def tie() -> None:
        if _libc is None:  # only Linux tells a child of its parent's death
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(orphan_signal))
        if os.getppid() != parent:  # the parent ended before the line above
            os._exit(1)

    return tie
