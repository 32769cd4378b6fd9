"""Parts are real processes here: small Python programs that end, hang, write or serve as a test needs."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from liant.process import Launch
from liant.supervisor.part import Job, JobFailed, NotStarted, Part, PartNotReady
from liant.supervisor.supervisor import Supervisor
from tests.support.control import until

FOREVER = "import time; print('up', flush=True); time.sleep(600)"


class System:
    """A supervisor whose log lines are kept."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.changes = 0
        self.supervisor = Supervisor(lambda name, line: self.log.append(f"{name} | {line}"), self._count)

    def _count(self) -> None:
        self.changes += 1

    def told(self, text: str) -> bool:
        return any(text in line for line in self.log)


@pytest_asyncio.fixture
async def system() -> AsyncIterator[System]:
    running = System()
    yield running
    await running.supervisor.stop(patience=1)


async def _at_once() -> bool:
    return True


async def _never() -> bool:
    return False


def _launch(code: str) -> Launch:
    return Launch((sys.executable, "-c", code))


def _alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_a_killed_part_is_told_and_started_again_while_others_go_on(system: System) -> None:
    await system.supervisor.start([Part(name, _launch(FOREVER), _at_once) for name in ("one", "two")])
    before = system.supervisor.pids
    os.kill(before["one"], signal.SIGKILL)

    await until(lambda: system.supervisor.pids.get("one", before["one"]) != before["one"])
    assert system.told("one was ended by SIGKILL; starting it again in 0.2 s")
    assert system.told(f"one is ready again as process {system.supervisor.pids['one']}")
    assert system.supervisor.pids["two"] == before["two"]
    assert system.changes == 4


async def test_a_part_that_ends_again_and_again_before_it_is_ready_fails_the_start(system: System) -> None:
    part = Part("broken", _launch("print('no database'); raise SystemExit(3)"), _never)
    with pytest.raises(PartNotReady, match=r"ended with status 3 again and again(.|\n)*no database"):
        await system.supervisor.start([part], seconds=20)


async def test_a_part_that_does_not_answer_in_time_fails_the_start(system: System) -> None:
    with pytest.raises(PartNotReady, match="no answer within 1 s"):
        await system.supervisor.start([Part("deaf", _launch(FOREVER), _never)], seconds=1)


async def test_a_program_that_is_not_there_fails_the_start(system: System) -> None:
    with pytest.raises(NotStarted, match="nowhere: No such file"):
        await system.supervisor.start([Part("absent", Launch(("/nowhere",)), _at_once)])


async def test_a_failed_job_shows_its_last_lines(system: System) -> None:
    with pytest.raises(JobFailed, match=r"migrate ended with status 1(.|\n)*no such role"):
        await system.supervisor.run([Job("migrate", _launch("raise SystemExit('no such role')"))])


async def test_a_job_that_does_not_end_is_ended(system: System) -> None:
    with pytest.raises(JobFailed, match="did not end within 1 s"):
        await system.supervisor.run([Job("migrate", _launch(FOREVER))], seconds=1)


async def test_stopping_leaves_no_process_even_one_that_ignores_sigterm(system: System) -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"
    await system.supervisor.start([Part("deaf", _launch(deaf), _at_once), Part("polite", _launch(FOREVER), _at_once)])
    pids = system.supervisor.pids
    await until(lambda: system.told("deaf | up"))
    await system.supervisor.stop(patience=0.5)
    assert not any(_alive(pid) for pid in pids.values())


async def test_a_line_that_is_no_utf8_and_one_without_an_end_are_shown(system: System) -> None:
    code = "import sys; sys.stdout.buffer.write(b'caf\\xe9\\n' + 'Zoë'.encode())"
    await system.supervisor.run([Job("writes", _launch(code))])
    assert system.log == ["writes | caf\ufffd", "writes | Zoë"]


async def test_children_end_when_the_supervisor_is_killed() -> None:
    code = f"""
import asyncio, sys
from liant.process import Launch
from liant.supervisor.part import Part
from liant.supervisor.supervisor import Supervisor
async def ready(): return True
async def main():
    supervisor = Supervisor(lambda name, line: None)
    await supervisor.start([Part("child", Launch((sys.executable, "-c", {FOREVER!r})), ready)])
    print(supervisor.pids["child"], flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert _alive(child)
    parent.kill()
    await parent.wait()
    await until(lambda: not _alive(child))
