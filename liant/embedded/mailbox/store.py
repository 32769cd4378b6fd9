"""Mails on disk: `000001.eml` as it came, `000001.json` its envelope."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Envelope:
    """What SMTP said beside the message itself."""

    sender: str
    recipients: list[str]
    received_at: str


@dataclass(frozen=True)
class StoredMail:
    """A kept mail."""

    number: int
    envelope: Envelope
    source: bytes


class MailStore:
    """A folder of mails, numbered from 1 in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._last = max(self._numbers(), default=0)

    def add(self, sender: str, recipients: list[str], source: bytes) -> int:
        """Keep a mail, on disk when this returns. Gives its number."""
        self._last += 1
        envelope = Envelope(sender, recipients, datetime.now(UTC).isoformat(timespec="milliseconds"))
        _write(self._path(self._last, "json"), json.dumps(asdict(envelope)).encode())
        _write(self._path(self._last, "eml"), source)  # last: a mail exists once its source does
        return self._last

    def get(self, number: int) -> StoredMail | None:
        """The mail of this number, if there is one."""
        try:
            source = self._path(number, "eml").read_bytes()
            envelope = Envelope(**json.loads(self._path(number, "json").read_bytes()))
        except FileNotFoundError:
            return None
        return StoredMail(number, envelope, source)

    def all(self, after: int = 0) -> Iterator[StoredMail]:
        """Every mail with a greater number, oldest first."""
        for number in sorted(self._numbers()):
            if number > after and (mail := self.get(number)):
                yield mail

    def clear(self) -> None:
        """Throw every mail away; numbers go on."""
        for number in list(self._numbers()):
            self._path(number, "eml").unlink(missing_ok=True)
            self._path(number, "json").unlink(missing_ok=True)

    def _numbers(self) -> Iterator[int]:
        return (int(path.stem) for path in self._folder.glob("*.eml") if path.stem.isdecimal())

    def _path(self, number: int, suffix: str) -> Path:
        return self._folder / f"{number:06}.{suffix}"


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
