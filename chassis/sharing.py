"""Sharing rules: whose portfolios bound what a collaborator sees. See docs/decisions/0023-sharing.md."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from chassis.auth import Role


class Sharing(StrEnum):
    """What collaborators and readers of an organization see; administrators see everything."""

    EVERYTHING = "EVERYTHING"
    OWN_PORTFOLIO = "OWN_PORTFOLIO"
    TEAM_PORTFOLIO = "TEAM_PORTFOLIO"


def portfolio_of(
    sharing: str | None, role: Role, collaborator: UUID | None, mates: Iterable[UUID] | None
) -> tuple[UUID, ...] | None:
    """The collaborators whose portfolios are seen; None for everything. `mates` are in a team with the collaborator."""
    if collaborator is None or role is Role.ADMIN or (sharing or Sharing.EVERYTHING) == Sharing.EVERYTHING:
        return None
    others = (mates or ()) if sharing == Sharing.TEAM_PORTFOLIO else ()
    return tuple(dict.fromkeys((collaborator, *others)))


def portfolio_setting(portfolio: tuple[UUID, ...] | None) -> str:
    """As the database's policies read it: an array, or nothing for everything."""
    return "" if portfolio is None else "{" + ",".join(map(str, portfolio)) + "}"
