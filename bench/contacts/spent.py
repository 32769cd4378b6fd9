"""CPU time of a running system's processes, as Linux tells it; a database's is that of its connections."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def spent(pids: Mapping[str, int]) -> Counter[str]:
    """CPU seconds so far of each process, and of each database: `postgres liant_contacts`."""
    told: Counter[str] = Counter()
    for name, pid in pids.items():
        told[name] += _seconds(pid)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _parent(int(folder.name)) == pids["postgres"]:
            told[_backend(folder)] += _seconds(int(folder.name))
    return told


def _backend(folder: Path) -> str:
    """`postgres: contacts_app liant_contacts 127.0.0.1(4000) idle`, or a process of the server's own."""
    try:
        words = (folder / "cmdline").read_bytes().rstrip(b"\0").decode().split()
    except (FileNotFoundError, ProcessLookupError):
        words = []  # it has just ended
    return f"postgres {words[2]}" if len(words) > 3 and "(" in words[3] else "postgres, its own"


def _seconds(pid: int) -> float:
    fields = _fields(pid)
    return sum(map(int, fields[11:15])) / TICKS if fields else 0.0


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def _fields(pid: int) -> list[str]:
    """Those after the name, which may have spaces; none where the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def table(before: Counter[str], after: Counter[str], rows: int) -> str:
    """CPU milliseconds a row, the most first."""
    each = {name: (after[name] - before[name]) * 1000 / rows for name in after}
    lines = [
        f"    {name:28} {value:6.2f} ms"
        for name, value in sorted(each.items(), key=lambda item: -item[1])
        if value > 0.005
    ]
    return "\n".join([*lines, f"    {'all':28} {sum(each.values()):6.2f} ms of CPU a row"])
