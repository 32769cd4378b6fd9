"""`liant doctor`: is every part of the system here, do they see each other, and if not, what is wrong?"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path

import structlog
from rich.table import Table
from rich.text import Text

from chassis.outbox import BrokerUnavailable
from liant.doctor.finding import Finding
from liant.doctor.parts import look
from liant.doctor.probes import probe
from liant.doctor.reconciling import reconcile
from liant.doctor.test_mail import send_test_mail
from liant.screen import Screen
from liant.system.access import Access


class Health(IntEnum):
    """The status that `liant doctor` ends with."""

    WELL = 0
    FAULTS = 1
    NOT_LOOKED = 3  # 2 is a wrong use of the command


@dataclass(frozen=True)
class Asked:
    """What to do beside looking. `seconds`: how long to wait for a probe or a mail."""

    mail_to: str | None = None
    reconcile: bool = False
    as_json: bool = False
    seconds: float = 15.0


def doctor(screen: Screen, access: Access, asked: Asked) -> Health:
    """Look at every part, send the probes, print what was found."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the output is for programs too
    findings = asyncio.run(examine(access, asked))
    if asked.as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))  # noqa: T201
    else:
        screen.out.print(_table(findings))
    return Health.FAULTS if any(finding.fault for finding in findings) else Health.WELL


def access_to(data: Path, parts: list[str] | None) -> Access:
    """An embedded system, or by the environment where parts are named. Raises NoSystem, SettingsMissing."""
    if parts is None:
        return Access.embedded(data)
    return Access.deployed(dict(part.split("=", 1) for part in parts if part))


async def examine(access: Access, asked: Asked) -> list[Finding]:
    """Everything that was found."""
    findings = [*await look(access), *await probe(access, asked.seconds)]
    if asked.reconcile:
        findings += await _reconciled(access)
    if asked.mail_to:
        findings.append(await send_test_mail(access, asked.mail_to, asked.seconds))
    return findings


async def _reconciled(access: Access) -> list[Finding]:
    try:
        done = await reconcile(access)
    except BrokerUnavailable as error:
        return [Finding("reconciled", "", str(error))]
    return [
        Finding(f"reconciled {each.service}", "", note=f"{each.again} of {each.published} published again")
        for each in done
    ]


def _table(findings: list[Finding]) -> Table:
    table = Table("part", "address", "state", "time", title="Liant", title_justify="left")
    for finding in findings:
        state = Text(finding.fault, style="red") if finding.fault else Text(finding.note or "ready", style="green")
        time = "" if finding.seconds is None else f"{finding.seconds * 1000:.0f} ms"
        table.add_row(finding.part, finding.address, state, time)
    return table
