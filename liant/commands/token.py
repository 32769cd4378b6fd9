"""`liant token`: a development token for a collaborator."""

import asyncio
from pathlib import Path

from liant.documents import document
from liant.graphql import Client, GraphQLFailed
from liant.system.folder import DataFolder, NoSystem
from liant.system.keys import Keys
from liant.system.layout import Layout
from liant.system.state import Founded, Member, token_of


class NoCollaborator(Exception):
    """Nobody in the development organization has this address, as far as can be seen."""

    def __init__(self, email: str, known: list[str], unseen: str | None = None) -> None:
        more = f" Others could not be looked up: {unseen}" if unseen else ""
        super().__init__(f"No collaborator {email}. There are: {', '.join(known)}.{more}")


def token(data: Path, email: str | None, seconds: float) -> str:
    """Sign it with the system's key; the first collaborators' are to be had even while it is down.

    Raises NoSystem, NoCollaborator.
    """
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    founded = Founded.load(folder)
    member = founded.member(email) or asyncio.run(_look_up(folder, founded, email or ""))
    return token_of(Keys(folder.path / "keys"), member, seconds)


async def _look_up(folder: DataFolder, founded: Founded, email: str) -> Member:
    layout, known = Layout.load(folder), [member.email for member in founded.members]
    client = Client(layout.graphql, token_of(layout.keys, founded.members[0]))
    try:
        found = (await client.query(document("find_collaborator"), {"email": email}))["collaborators"]["edges"]
    except GraphQLFailed as error:
        raise NoCollaborator(email, known, str(error)) from error
    if not found:
        raise NoCollaborator(email, known)
    return Member(**found[0]["node"], organization=founded.organization)
