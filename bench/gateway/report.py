"""The figures as a table and as JSON, each with its ratio to ours."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.gateway.contenders import GRAFBASE_NAME, HIVE_RUST, LIANT, Contender
from bench.gateway.load import Sample


@dataclass(frozen=True)
class Figures:
    """A gateway in a scenario: medians over the rounds, and the least and most processor time of a round."""

    gateway: str
    version: str
    scenario: str
    answer_bytes: int
    cpu_ms: float
    cpu_ms_least: float
    cpu_ms_most: float
    p50_ms: float
    p99_ms: float
    per_second: float
    failed: int
    memory_mb: float


def summarize(contender: Contender, scenario: str, answer_bytes: int, samples: list[Sample], memory: float) -> Figures:
    """Medians of a gateway's rounds."""
    cpu = [sample.cpu_ms for sample in samples]
    return Figures(
        gateway=contender.name,
        version=contender.version,
        scenario=scenario,
        answer_bytes=answer_bytes,
        cpu_ms=round(median(cpu), 4),
        cpu_ms_least=round(min(cpu), 4),
        cpu_ms_most=round(max(cpu), 4),
        p50_ms=round(median(sample.p50_ms for sample in samples), 2),
        p99_ms=round(median(sample.p99_ms for sample in samples), 2),
        per_second=round(median(sample.per_second for sample in samples)),
        failed=sum(sample.failed for sample in samples),
        memory_mb=round(memory),
    )


def show(figures: list[Figures], console: Console) -> None:
    """One table a scenario."""
    for scenario in dict.fromkeys(each.scenario for each in figures):
        rows = [each for each in figures if each.scenario == scenario]
        console.print(_table(scenario, rows))
        for line in goals(rows):
            console.print(line)


def _table(scenario: str, rows: list[Figures]) -> Table:
    ours = _cpu(rows, LIANT)
    table = Table(title=f"{scenario}: {rows[0].answer_bytes / 1000:.1f} KB answer")
    table.add_column("gateway")
    for heading in ("CPU ms", "least-most", "x ours", "p50 ms", "p99 ms", "req/s", "MB", "failed"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            f"{row.gateway} {row.version.partition(' (')[0]}",
            f"{row.cpu_ms:.3f}",
            f"{row.cpu_ms_least:.3f}-{row.cpu_ms_most:.3f}",
            f"{row.cpu_ms / ours:.2f}" if ours else "-",
            f"{row.p50_ms:.1f}",
            f"{row.p99_ms:.1f}",
            f"{row.per_second:.0f}",
            f"{row.memory_mb:.0f}",
            str(row.failed),
        )
    return table


def goals(rows: list[Figures]) -> list[str]:
    """What the goals say of one scenario's figures."""
    ours, lines = _cpu(rows, LIANT), []
    if ours and (grafbase := _cpu(rows, GRAFBASE_NAME)):
        lines.append(f"ours / Grafbase: {ours / grafbase:.2f} (goal: at most 1.0)")
    if ours and (hive := _cpu(rows, HIVE_RUST)):
        lines.append(f"Hive with its Rust planner / ours: {hive / ours:.2f} (goal: at least 4)")
    return lines


def _cpu(rows: list[Figures], name: str) -> float | None:
    return next((row.cpu_ms for row in rows if row.gateway == name), None)


def write(figures: list[Figures], settings: dict[str, object], path: Path) -> None:
    """Keep the figures with the machine and the moment."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": _processor(), "system": platform.platform()},
        "settings": settings,
        "figures": [asdict(each) for each in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())
