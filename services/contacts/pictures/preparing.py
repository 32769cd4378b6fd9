"""Strangers' pictures to renditions that are safe to keep, decoded in a process of their own."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass

from services.contacts.pictures.errors import PictureRefused
from services.contacts.pictures.sandbox import LENGTH, Limits

MAX_BYTES = 15 * 1024 * 1024
MAX_INLINE_BYTES = 600 * 1024
MAX_PIXELS = 50_000_000
SECONDS = 10.0
AT_ONCE = 2
SIDES = (1024, 320, 96)
_MEMORY_BYTES = 1 << 30
_SANDBOX = "services.contacts.pictures.sandbox"
_LIMITS = Limits(MAX_PIXELS, SIDES, _MEMORY_BYTES)
# Python starts with these; the service's own settings, with their secrets, stay outside.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Rendition:
    """A JPEG of one size, in sRGB, upright, without metadata."""

    side: int
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture in each of SIDES, the largest first."""

    renditions: tuple[Rendition, ...]


class Preparer:
    """Decodes pictures, AT_ONCE of them side by side in this process; the others wait."""

    def __init__(self, *, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def one(self, content: bytes, field: str = "content") -> Prepared:
        """A picture's renditions. Raises PictureRefused naming the field."""
        (found,) = await self.several([content])
        if isinstance(found, Prepared):
            return found
        raise PictureRefused(found, field)

    async def several(self, contents: Sequence[bytes]) -> list[Prepared | str]:
        """Each picture's renditions, or the code of its refusal; one that takes too long harms no other."""
        found: list[Prepared | str] = []
        async with self._turns:
            while len(found) < len(contents):
                found += await self._until_killed(contents[len(found) :])
        return found

    async def _until_killed(self, contents: Sequence[bytes]) -> list[Prepared | str]:
        found: list[Prepared | str] = []
        async with _sandbox() as process:
            for content in contents:
                try:
                    async with asyncio.timeout(self._seconds):
                        found.append(await _ask(process, content))
                except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, json.JSONDecodeError):
                    return [*found, "TOO_COSTLY"]
        return found


async def _ask(process: asyncio.subprocess.Process, content: bytes) -> Prepared | str:
    if not 0 < len(content) <= MAX_BYTES:
        return "TOO_LARGE" if content else "NOT_A_PICTURE"
    requests, answers = process.stdin, process.stdout
    assert requests is not None and answers is not None  # noqa: S101 - both are pipes, for mypy
    requests.write(LENGTH.pack(len(content)))
    requests.write(content)
    await requests.drain()
    told = json.loads(await answers.readuntil(b"\n"))
    if "refused" in told:
        return str(told["refused"])
    made = list[Rendition]()
    for side, each in zip(SIDES, told["made"], strict=True):
        made.append(Rendition(side, each["width"], each["height"], await answers.readexactly(each["bytes"])))
    return Prepared(tuple(made))


@asynccontextmanager
async def _sandbox() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _SANDBOX,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )
    try:
        if process.stdin is not None:
            process.stdin.write(json.dumps(asdict(_LIMITS)).encode() + b"\n")
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
