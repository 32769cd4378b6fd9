"""What the supervisor knows of a part."""

import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from liant.process import Launch


@dataclass(frozen=True)
class Part:
    """A process that should always run, and how to see that it serves."""

    name: str
    launch: Launch
    ready: Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Job:
    """A process that runs once and must end well before the next parts start."""

    name: str
    launch: Launch


class SupervisorError(Exception):
    """The system did not come up."""


class PartNotReady(SupervisorError):
    """A part ended again and again, or did not answer in time."""

    def __init__(self, name: str, why: str, last_lines: list[str]) -> None:
        super().__init__(f"{name} did not get ready: {why}. Its last lines:\n" + "\n".join(last_lines))
        self.name = name


class JobFailed(SupervisorError):
    """A job ended with an error."""

    def __init__(self, name: str, end: str, last_lines: list[str]) -> None:
        super().__init__(f"{name} {end}. Its last lines:\n" + "\n".join(last_lines))
        self.name = name


class NotStarted(SupervisorError):
    """The part's program cannot be run."""

    def __init__(self, name: str, program: str, error: OSError) -> None:
        super().__init__(f"{name} cannot be started: {Path(program).name}: {error.strerror or error}.")


def how_it_ended(code: int) -> str:
    """`ended with status 3`, or `was ended by SIGKILL` for a negative return code."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
