"""The data folder of a system: a lock, secrets, ports, keys, and the servers' own folders."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from liant.ports import reserve

MARK = "liant.json"
LOCK = "lock"


class FolderError(Exception):
    """The folder cannot be used."""


class InUse(FolderError):
    """A running system has it."""

    def __init__(self, path: Path, pid: str) -> None:
        super().__init__(f"{path} is in use by process {pid}: stop it, or name another folder with --data.")


class NotOurs(FolderError):
    """It holds something else than a system's data."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not empty and holds no Liant data: name another folder with --data.")


class NoSystem(FolderError):
    """No system ever came up in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"No Liant system has run in {path}: start one with `liant up`, or name its folder with --data."
        )


class DataFolder:
    """Enter it to hold it: one running system at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        self._refuse_a_stranger()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        self.write(MARK, {"layout": 1})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def empty(self) -> None:
        """Throw away everything in it; only for whoever holds it."""
        for child in self.path.iterdir():
            if child.name in (MARK, LOCK):
                continue
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()

    def secret(self, name: str) -> str:
        """A random secret of this system, the same on every run."""
        known: dict[str, str] = self.read("secrets.json") or {}
        if name not in known:
            # A letter first: NATS would read a leading digit as a number.
            known[name] = f"k{secrets.token_hex(20)}"
            self.write("secrets.json", known)
        return known[name]

    def choose_ports(self, wanted: Mapping[str, int | None]) -> None:
        """A port for each part: the one it had last time if that is free, else the one wanted, else any."""
        known: dict[str, int] = self.read("ports.json") or {}
        self.write("ports.json", {name: reserve(known.get(name, first)) for name, first in wanted.items()})

    def ports(self) -> dict[str, int]:
        """The ports chosen when the system last started. Raises NoSystem."""
        known: dict[str, int] | None = self.read("ports.json")
        if known is None:
            raise NoSystem(self.path)
        return known

    def read(self, name: str) -> Any:
        """The JSON in a file, or None."""
        try:
            return json.loads((self.path / name).read_bytes())
        except FileNotFoundError:
            return None

    def write(self, name: str, content: object) -> None:
        """Write JSON for the owner's eyes only."""
        write_json(self.path / name, content)

    def _refuse_a_stranger(self) -> None:
        if not self.path.exists() or (self.path / MARK).exists():
            return
        if not self.path.is_dir() or any(self.path.iterdir()):
            raise NotOurs(self.path)

    def _take_lock(self) -> None:
        self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 20, 0).decode() or "?"
            os.close(self._lock)
            self._lock = None
            raise InUse(self.path, holder) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)


def write_json(path: Path, content: object) -> None:
    """Replace a file as one step: a reader sees the old content or the new one. Readable by its owner alone."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    unfinished.rename(path)
