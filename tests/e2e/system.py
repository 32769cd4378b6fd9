"""A whole system behind `liant up --ready-file`, driven from outside as a front-end team would."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from liant.process import Launch, end, spawn
from tests.support.control import until

START_SECONDS = 90


class System:
    """A running system: what its ready file says, and clients of its gateway and mailbox."""

    def __init__(self, ready_file: Path, data: Path) -> None:
        self._ready_file, self.data = ready_file, data
        self.http = httpx.AsyncClient(timeout=30)

    @property
    def ready(self) -> dict[str, Any]:
        """The ready file as it stands now."""
        told: dict[str, Any] = json.loads(self._ready_file.read_text())
        return told

    def token(self, email: str) -> str:
        """A collaborator's development token."""
        return str(self.ready["tokens"][email])

    async def ask(self, token: str, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The gateway's whole answer."""
        answer = await self.http.post(
            self.ready["graphql"],
            json={"query": document, "variables": variables or {}},
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )
        body: dict[str, Any] = answer.json()
        return body

    async def data_of(self, token: str, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data. Raises AssertionError where there is any error."""
        body = await self.ask(token, document, variables)
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    async def mails(self) -> list[dict[str, Any]]:
        """Every mail in the mailbox, oldest first."""
        answer = await self.http.get(f"{self.ready['mailbox']['http']}/messages")
        mails: list[dict[str, Any]] = answer.json()
        return mails

    async def kill(self, part: str) -> int:
        """End a part with SIGKILL. Gives the process id it had."""
        pid = int(self.ready["pids"][part])
        os.kill(pid, signal.SIGKILL)
        return pid

    async def wait_for_restart(self, part: str, old: int, seconds: float = 60) -> None:
        """Wait until a killed part is ready again."""

        def again() -> bool:
            return bool(self.ready["pids"].get(part, old) != old)

        await until(again, seconds=seconds, what=f"{part} is ready again")


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[System]:
    """A fresh system for the length of a block; its log is shown where it did not come up."""
    ready_file, log = folder / "ready.json", folder / "liant.log"
    arguments = ("up", "--data", str(folder / "data"), "--ready-file", str(ready_file))
    with log.open("wb") as output:
        process = await spawn(Launch((sys.executable, "-P", "-m", "liant", *arguments)), output)
        system = System(ready_file, folder / "data")
        try:
            await _came_up(process, ready_file, log)
            yield system
        finally:
            await system.http.aclose()
            code = await end(process, signal.SIGTERM, patience=60)
    assert code == 0, f"liant up ended with {code}:\n{log.read_text()[-4000:]}"


async def _came_up(process: asyncio.subprocess.Process, ready_file: Path, log: Path) -> None:
    def ready() -> bool:
        assert process.returncode is None, f"liant up ended with {process.returncode}:\n{log.read_text()[-6000:]}"
        return ready_file.exists()

    await until(ready, seconds=START_SECONDS, what=f"the system is up; its log is {log}")
