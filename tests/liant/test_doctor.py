"""`liant doctor`: what answers, what does not, and what says that it is not ready."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from liant.cli import app
from liant.commands.doctor import examine
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import Layout
from tests.support.control import LocalProcess


@pytest_asyncio.fixture
async def layout(tmp_path: Path) -> AsyncIterator[Layout]:
    with DataFolder(tmp_path / "data") as folder:
        yield Layout.choose(folder)


async def faults(layout: Layout) -> dict[str, str]:
    return {finding.part: finding.fault for finding in await examine(layout) if finding.fault}


async def test_where_nothing_runs_nothing_answers(layout: Layout) -> None:
    found = await faults(layout)
    assert len(found) == 11
    assert set(found.values()) == {"no answer"}


async def test_what_runs_is_no_fault(layout: Layout) -> None:
    layout.nats.prepare()
    servers = [LocalProcess(each.launch(), each.answers) for each in (layout.nats, layout.mailbox)]
    for server in servers:
        await server.start()
    assert {"nats", "mailbox", "smtp"} & set(await faults(layout)) == set()
    for server in servers:
        await server.stop()


async def test_a_part_that_is_not_ready_says_why(layout: Layout) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ready": false, "checks": {"broker": "failed: ConnectionError"}}'
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n" + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", layout.ports["deals-web"])
    assert "failed: ConnectionError" in (await faults(layout))["deals-web"]
    server.close()


def test_its_status_is_1_where_something_is_wrong(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        Layout.choose(folder)
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "data")])
    assert (result.exit_code, "no answer" in result.output) == (1, True)


def test_a_folder_without_a_system_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NoSystem, match="liant up"):
        CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)], catch_exceptions=False)
