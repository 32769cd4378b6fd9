"""Load on one gateway with wrk, and what it cost the gateway's processes."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "wrk.lua"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """One round of one gateway in one scenario; times in milliseconds."""

    requests: int
    failed: int
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    per_second: float


@dataclass(frozen=True)
class Load:
    """How hard, for how long, and from which core."""

    connections: int
    seconds: int
    core: int
    token: str


def run(url: str, bodies: Path, pid: int, load: Load) -> Sample:
    """Send the bodies in turn, as fast as answers come; `pid` is the gateway's."""
    command = [
        _wrk(),
        "-t1",
        f"-c{load.connections}",
        f"-d{load.seconds}s",
        "-s",
        str(SCRIPT),
        url,
        str(bodies),
        load.token,
    ]
    before = cpu_seconds(pid)
    printed = subprocess.run(["taskset", "-c", str(load.core), *command], check=True, capture_output=True, text=True)
    used = cpu_seconds(pid) - before
    seen = json.loads(printed.stdout.strip().splitlines()[-1])
    if not seen["requests"]:
        raise RuntimeError(f"{url} answered nothing:\n{printed.stdout}{printed.stderr}")
    return Sample(
        requests=seen["requests"],
        failed=seen["failed"],
        cpu_ms=used * 1000 / seen["requests"],
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        per_second=seen["requests"] / seen["seconds"],
    )


def cpu_seconds(pid: int) -> float:
    """Processor time, user and system, of a process and all below it; resolution 1/100 s."""
    return sum(_ticks(each) for each in family(pid)) / TICKS


def memory_mb(pid: int) -> float:
    """Resident memory of a process and all below it."""
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
    ]
    return [pid, *(member for child in children for member in family(child))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))  # utime, stime, and those of children that ended


def _wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk is not installed: apt-get install -y wrk")
    return found
