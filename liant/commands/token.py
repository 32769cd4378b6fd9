"""`liant token`: a development token for a collaborator."""

from pathlib import Path

from liant.system.folder import DataFolder, NoSystem
from liant.system.keys import Keys
from liant.system.state import Founded, token_of


class NoCollaborator(Exception):
    """Nobody in the development organization has this address."""

    def __init__(self, email: str, known: list[str]) -> None:
        super().__init__(f"No collaborator {email}. There are: {', '.join(known)}.")


def token(data: Path, email: str | None, seconds: float) -> str:
    """Sign it with the system's key, whether it runs or not. Raises NoSystem, NoCollaborator."""
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    founded = Founded.load(folder)
    member = founded.member(email)
    if member is None:
        raise NoCollaborator(email or "", [known.email for known in founded.members])
    return token_of(Keys(folder.path / "keys"), member, seconds)
