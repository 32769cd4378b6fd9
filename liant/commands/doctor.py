"""`liant doctor`: is every part of the system here, and if not, what is wrong with it."""

import asyncio
import http.client
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from liant.http import get
from liant.screen import Screen
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import KINDS, SERVICES, Layout


@dataclass(frozen=True)
class Finding:
    """What a look at one part gave; `fault` is None where it is well."""

    part: str
    address: str
    fault: str | None


def doctor(screen: Screen, data: Path) -> bool:
    """Look at every part and print what was found. Gives whether all is well. Raises NoSystem."""
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    findings = asyncio.run(examine(Layout.load(folder)))
    screen.out.print(_table(findings))
    return all(finding.fault is None for finding in findings)


async def examine(layout: Layout) -> list[Finding]:
    """Look at every part, all at the same time."""
    names = [f"{service}-{kind}" for service in SERVICES for kind in KINDS]
    return await asyncio.gather(
        _server("postgres", f"127.0.0.1:{layout.postgres.port}", layout.postgres.answers),
        _server("nats", layout.nats.url, layout.nats.answers),
        _http("mailbox", layout.mailbox.url),
        _smtp(layout.mailbox.smtp_port),
        *(_http(name, layout.url(name)) for name in (*names, "gateway")),
    )


async def _server(name: str, address: str, answers: Callable[[], Awaitable[bool]]) -> Finding:
    return Finding(name, address, None if await answers() else "no answer")


async def _http(name: str, address: str) -> Finding:
    try:
        answer = await get(f"{address}/readyz")
    except (OSError, http.client.HTTPException):
        return Finding(name, address, "no answer")
    return Finding(name, address, None if answer.status == 200 else _failing_checks(answer.body))


def _failing_checks(body: bytes) -> str:
    return f"not ready: {body.decode('utf-8', 'replace')[:300]}"


async def _smtp(port: int) -> Finding:
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            greeting = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return Finding("smtp", f"127.0.0.1:{port}", "no answer")
    return Finding("smtp", f"127.0.0.1:{port}", None if greeting.startswith(b"220") else "not an SMTP server")


def _table(findings: list[Finding]) -> Table:
    table = Table("part", "address", "state", title="Liant", title_justify="left")
    for finding in findings:
        state = Text(finding.fault, style="red") if finding.fault else Text("ready", style="green")
        table.add_row(finding.part, finding.address, state)
    return table
