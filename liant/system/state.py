"""What is known of a system that came up: for `--ready-file`, `liant token` and `liant doctor`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from liant.system.folder import DataFolder, NoSystem
from liant.system.keys import Keys
from liant.system.layout import SERVICES, Layout

STATE = "system.json"
DAY = 86_400


@dataclass(frozen=True)
class Member:
    """A collaborator, as a token needs them."""

    id: str
    name: str
    email: str
    role: str
    organization: str

    def claims(self) -> dict[str, str]:
        """The claims of this collaborator's token."""
        return {"sub": self.id, "org": self.organization, "role": self.role}


@dataclass(frozen=True)
class Founded:
    """The development organization, once made."""

    organization: str
    members: list[Member] = field(default_factory=list)

    def save(self, folder: DataFolder) -> None:
        """Remember it for the next run."""
        folder.write(STATE, asdict(self))

    @classmethod
    def load(cls, folder: DataFolder) -> "Founded":
        """What the last run remembered. Raises NoSystem."""
        known = folder.read(STATE)
        if known is None:
            raise NoSystem(folder.path)
        return cls(known["organization"], [Member(**member) for member in known["members"]])

    def member(self, email: str | None) -> Member | None:
        """The collaborator with this address (case ignored); the administrator without one."""
        wanted = (email or self.members[0].email).casefold()
        return next((member for member in self.members if member.email.casefold() == wanted), None)


def token_of(keys: Keys, member: Member, seconds: float = DAY) -> str:
    """A development token."""
    return keys.token(member.claims(), seconds)


def described(layout: Layout, founded: Founded, pids: dict[str, int]) -> dict[str, Any]:
    """The one JSON object of `--ready-file`: addresses, tokens, ids, process ids."""
    members = founded.members
    return {
        "gateway": layout.url("gateway"),
        "graphql": layout.graphql,
        "subgraphs": {name: f"{layout.url(f'{name}-web')}/graphql" for name in SERVICES},
        "workers": {name: layout.url(f"{name}-worker") for name in SERVICES},
        "mailbox": {"smtp": f"127.0.0.1:{layout.mailbox.smtp_port}", "http": layout.mailbox.url},
        "page": layout.page,
        "nats": layout.nats.url,
        "databases": {
            name: {role: layout.database_url(name, role) for role in ("owner", "app", "system")} for name in SERVICES
        },
        "organization": founded.organization,
        "collaborators": {member.email: asdict(member) for member in members},
        "tokens": {member.email: token_of(layout.keys, member) for member in members},
        "data": str(layout.path),
        "pids": pids,
    }
