"""`python -m liant.system.preparation ORGANIZATION…`: every migrate step, then the first organization.

What `python -m services.<name> migrate` and `python -m services.contacts bootstrap` do. Each step runs in a fork of
this process, since most of what it costs alone is its interpreter's start.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from multiprocessing.context import ForkProcess
from typing import Any

from services.contacts.bootstrap import bootstrap
from services.contacts.service import SERVICE as CONTACTS
from services.deals.service import SERVICE as DEALS
from services.notifier.service import SERVICE as NOTIFIER

Step = Callable[[], Coroutine[Any, Any, None]]


def prepare(organization: list[str]) -> None:
    """Ends this process with status 1 where a step fails; the last step prints the organization's ids as JSON."""
    _together([service.migrate for service in (CONTACTS, DEALS, NOTIFIER)])
    _together([lambda: bootstrap(organization)])


def _together(steps: list[Step]) -> None:
    processes = [ForkProcess(target=_run, args=(step,), daemon=True) for step in steps]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit(1)


def _run(step: Step) -> None:
    asyncio.run(step())


if __name__ == "__main__":
    prepare(sys.argv[1:])
