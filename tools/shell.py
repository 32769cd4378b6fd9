"""Running a tool and telling what went wrong."""

import importlib
import subprocess
import sys
from pathlib import Path

from chassis.service import Service

ROOT = Path(__file__).parent.parent
SERVICES = ("contacts", "deals", "notifier")


def service(name: str) -> Service:
    """A service's description."""
    found = importlib.import_module(f"services.{name}.service").SERVICE
    assert isinstance(found, Service)
    return found


def run(*command: str | Path, cwd: Path = ROOT, stdin: str | None = None) -> None:
    """Run a command; end this process with its status if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, input=stdin, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"failed ({done.returncode}): {' '.join(words)}")


def tool(name: str) -> Path:
    """A program that the lock file installed beside this Python."""
    return Path(sys.executable).parent / name


def drifted(files: dict[Path, str], remedy: str) -> None:
    """End this process with status 1 if a file does not hold what it should."""
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        raise SystemExit(f"not up to date: {names}\nrun: {remedy}")
