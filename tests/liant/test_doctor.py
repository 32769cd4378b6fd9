"""`liant doctor`: what answers, what does not, and what says that it is not ready."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from typer.testing import CliRunner

from liant.cli import app
from liant.commands.doctor import Health
from liant.doctor.parts import look
from liant.doctor.probes import probe
from liant.system.access import Access
from liant.system.folder import DataFolder
from liant.system.layout import Layout
from tests.support.control import LocalProcess


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("liant.doctor.parts.CONNECT_SECONDS", 0.5)
    yield
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def layout(tmp_path: Path) -> AsyncIterator[Layout]:
    with DataFolder(tmp_path / "data") as folder:
        yield Layout.choose(folder)


async def faults(layout: Layout) -> dict[str, str]:
    return {finding.part: finding.fault for finding in await look(Access.of(layout)) if finding.fault}


async def test_where_nothing_runs_nothing_answers(layout: Layout) -> None:
    assert len(await faults(layout)) == 8 + 3 + 3 + 1 + 1  # parts, broker, databases, SMTP, dead letters
    assert {finding.fault for finding in await probe(Access.of(layout), 0.1)} == {"not sent: ConnectionRefusedError"}


async def test_what_runs_is_no_fault(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liant.doctor.parts.CONNECT_SECONDS", 20)
    layout.nats.prepare()
    servers = [LocalProcess(each.launch(), each.answers) for each in (layout.nats, layout.mailbox)]
    for server in servers:
        await server.start()
    well = {"mailbox", "smtp", "nats as contacts", "nats as deals", "nats as notifier"}
    assert well & set(await faults(layout)) == set()
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


def test_its_status_is_1_where_something_is_wrong_and_json_says_what(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        Layout.choose(folder)
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "data"), "--json", "--seconds", "0.1"])
    assert result.exit_code == Health.FAULTS
    assert "no answer" in [finding["fault"] for finding in json.loads(result.stdout)]


def test_a_folder_without_a_system_says_how_to_start_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)])
    assert (result.exit_code, "liant up" in result.output) == (Health.NOT_LOOKED, True)


def test_a_deployed_system_without_settings_names_each_that_misses() -> None:
    result = CliRunner().invoke(app, ["doctor", "--deployed"], env={"LIANT_CONTACTS_DATABASE_URL": None})
    assert result.exit_code == Health.NOT_LOOKED
    assert "LIANT_CONTACTS_DATABASE_URL: Field required" in result.output
