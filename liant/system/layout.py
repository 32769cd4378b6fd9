"""Where every part of an embedded system listens, and the servers it stands on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from liant.embedded.mailbox.server import EmbeddedMailbox
from liant.embedded.nats import EmbeddedNats
from liant.embedded.postgres import EmbeddedPostgres
from liant.ports import take
from liant.system.folder import DataFolder
from liant.system.keys import Keys

SERVICES = ("contacts", "deals", "notifier")
KINDS = ("web", "worker")
NATS_USERS = (*SERVICES, "gateway", "migrate", "rebuild")
PORTS = ("postgres", "nats", "smtp", "mailbox", *(f"{service}-{kind}" for service in SERVICES for kind in KINDS))
GATEWAY_PORT = 4000


@dataclass(frozen=True)
class Layout:
    """Servers, keys, ports and passwords of one system."""

    path: Path
    postgres: EmbeddedPostgres
    nats: EmbeddedNats
    mailbox: EmbeddedMailbox
    keys: Keys
    ports: dict[str, int]
    passwords: dict[str, str]

    @classmethod
    def choose(cls, folder: DataFolder, gateway_port: int | None = None) -> Self:
        """Choose ports for a start; the folder must be held. Raises NoFreePort, PortTaken."""
        asked = {"gateway": take(gateway_port)} if gateway_port else {}
        folder.choose_ports({**dict.fromkeys(PORTS), "gateway": GATEWAY_PORT})
        folder.write("ports.json", {**folder.ports(), **asked})
        return cls.load(folder)

    @classmethod
    def load(cls, folder: DataFolder) -> Self:
        """What was chosen for the last start. Raises NoSystem."""
        ports = folder.ports()
        roles = [f"{service}_{role}" for service in SERVICES for role in ("owner", "app", "system")]
        nats_passwords = {user: folder.secret(f"nats_{user}") for user in NATS_USERS}
        return cls(
            path=folder.path,
            postgres=EmbeddedPostgres(folder.path / "postgres", ports["postgres"], folder.secret("postgres")),
            nats=EmbeddedNats(folder.path / "nats", ports["nats"], nats_passwords),
            mailbox=EmbeddedMailbox(folder.path / "mailbox", ports["smtp"], ports["mailbox"]),
            keys=Keys.of(folder.path / "keys"),
            ports=ports,
            passwords={role: folder.secret(role) for role in roles},
        )

    def url(self, part: str) -> str:
        """Where a part answers HTTP."""
        return f"http://127.0.0.1:{self.ports[part]}"

    @property
    def graphql(self) -> str:
        """Where front-end teams send their queries."""
        return f"{self.url('gateway')}/graphql"

    @property
    def page(self) -> str:
        """Where the links in mails lead."""
        return self.url("notifier-web")

    def database_url(self, service: str, role: str) -> str:
        """A service's database, as one of its roles: `owner`, `app` or `system`."""
        user = f"{service}_{role}"
        return self.postgres.url(f"liant_{service}", user, self.passwords[user])
