"""Starting, stopping and killing a server, whatever it runs in."""

import asyncio
import functools
import os
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest

from liant.process import Launch, end, spawn

SHARED_SECONDS = 40.0
"""How long a test waits: another may just have killed the servers they share, and what was in hand comes again after
the acknowledgement's wait (30 s)."""


class Control(Protocol):
    """Power switch of one server; it comes back on the same port with the same data."""

    async def start(self) -> None:
        """Start it and wait until it answers."""

    async def stop(self) -> None:
        """Stop it cleanly."""

    async def kill(self) -> None:
        """End it with SIGKILL."""


class LocalProcess:
    """A server from a wheel."""

    def __init__(self, launch: Launch, answers: Callable[[], Awaitable[bool]]) -> None:
        self._launch, self._answers = launch, answers
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await spawn(self._launch, asyncio.subprocess.DEVNULL)
        await until(self._answers, seconds=30, what=f"{self._launch.argv[0]} answers")

    async def stop(self) -> None:
        if self._process:
            await end(self._process, self._launch.stop_signal, patience=15)
        self._process = None

    async def kill(self) -> None:
        if self._process:
            self._process.kill()
            await self._process.wait()
        self._process = None


class DockerContainer:
    """A server in a container that publishes a fixed port."""

    def __init__(self, container: Any, answers: Callable[[], Awaitable[bool]]) -> None:
        self._container, self._answers = container, answers

    async def start(self) -> None:
        await asyncio.to_thread(self._container.start)
        await until(self._answers, seconds=60, what="the container answers")

    async def stop(self) -> None:
        await asyncio.to_thread(self._container.stop)

    async def kill(self) -> None:
        await asyncio.to_thread(self._container.kill)


class Given:
    """A server that the environment names: a test that wants to stop it is skipped."""

    async def start(self) -> None:
        """It is there already."""

    async def stop(self) -> None:
        pytest.skip("the environment's server is not ours to stop")

    async def kill(self) -> None:
        pytest.skip("the environment's server is not ours to kill")


async def until(
    condition: Callable[[], bool | Awaitable[bool]], *, seconds: float = SHARED_SECONDS, what: str = "it holds"
) -> None:
    """Wait for a condition, looked at 20 times a second. Raises AssertionError saying what did not come."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await _holds(condition):
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    held = condition()
    return held if isinstance(held, bool) else await held


@functools.cache
def docker_answers() -> bool:
    """Whether a Docker engine answers here and is wanted."""
    if os.environ.get("LIANT_TEST_SERVERS") == "wheels":
        return False
    try:
        import docker

        docker.from_env(timeout=2).ping()
    except Exception:
        # docker-py leaks requests' and urllib3's errors as well as its own: any of them means "no".
        return False
    return True
