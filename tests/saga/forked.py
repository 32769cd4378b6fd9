"""Parts of services as processes of their own, forked from one that imported them already, and where they die."""

import asyncio
import importlib
import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from typing import Any

from pydantic import SecretStr

from chassis.config import PartSettings
from chassis.database import UnitOfWork
from chassis.service import Service

_FORKS = multiprocessing.get_context("forkserver")
_SERVICES = [f"services.{name}.{room}" for name in ("contacts", "deals", "notifier") for room in ("service", "schema")]
_DEATH_SECONDS = 20
_passed: ContextVar[bool] = ContextVar("passed", default=False)


@dataclass(frozen=True, slots=True)
class Point:
    """A step, by its module and name: the process dies before the `nth` time that it is taken.

    `committed`: it dies right after the transaction in which the step was taken, before anybody is answered.
    """

    module: str
    name: str
    nth: int = 1
    committed: bool = False


class Forked:
    """`python -m services.<service> <part>`, without the seconds that its imports take."""

    def __init__(self, service: str, part: str, settings: PartSettings, point: Point | None = None, port: int = 0):
        told = {**_environment(settings), f"LIANT_{service}_PORT".upper(): str(port), "LIANT_LOG_LEVEL": "ERROR"}
        _FORKS.set_forkserver_preload(_SERVICES)
        self._process: ForkServerProcess = _FORKS.Process(target=_run, args=(service, part, told, point), daemon=True)
        self._process.start()

    async def died(self) -> None:
        """Wait until it came to its point."""
        await asyncio.to_thread(self._process.join, _DEATH_SECONDS)
        ended = self._process.exitcode
        await self.kill()
        assert ended == -signal.SIGKILL, f"it never came to its point: {ended}"

    async def kill(self) -> None:
        """End it as the machine's memory or power would."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)


def _environment(settings: PartSettings) -> Mapping[str, str]:
    """What was set, as a process reads it."""
    return {
        f"LIANT_{settings.part}_{name}".upper(): _text(getattr(settings, name))
        for name in settings.model_fields_set
        if getattr(settings, name) is not None
    }


def _text(value: Any) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case tuple() | list():
            return json.dumps([str(each) for each in value])
    return str(value)


def _run(service: str, part: str, environment: Mapping[str, str], point: Point | None) -> None:
    os.environ.update(environment)
    if point is not None:
        _arm(point)
    found: Service = importlib.import_module(f"services.{service}.service").SERVICE
    found.main([part])


def _arm(point: Point) -> None:
    owner, passes = importlib.import_module(point.module), itertools.count(1)
    step: Callable[..., Awaitable[Any]] = getattr(owner, point.name)

    async def watched(*arguments: Any, **named: Any) -> Any:
        if next(passes) >= point.nth:
            _passed.set(True)
            if not point.committed:
                _die()
        return await step(*arguments, **named)

    setattr(owner, point.name, watched)
    if point.committed:
        _die_after_commit()


def _die_after_commit() -> None:
    leave = UnitOfWork.__aexit__

    async def left(work: UnitOfWork, *told: Any) -> None:
        await leave(work, *told)
        if _passed.get() and told[0] is None:  # else it was rolled back: the step will be taken again
            _die()
        _passed.set(False)

    setattr(UnitOfWork, "__aexit__", left)  # noqa: B010  # of this process alone, and mypy would refuse it


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
