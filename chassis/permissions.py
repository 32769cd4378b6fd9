"""Who may do what, as each service's `permissions` says it: rules, and the least role that each asks for."""

from collections.abc import Mapping
from enum import Enum

from chassis.auth import Actor, Role
from chassis.errors import Forbidden
from chassis.plans import Feature

_RANK: Mapping[Role, int] = {Role.READER: 0, Role.COLLABORATOR: 1, Role.ADMIN: 2}


class Permission(Enum):
    """A rule: what is asked for, in words that end "your role does not allow you to", the least role.

    `feature` is what a write needs of the organization's plan (chassis.plans); None where no plan refuses it.
    """

    def __init__(self, what: str, least: Role, feature: Feature | None) -> None:
        self.what, self.least, self.feature = what, least, feature


def check(actor: Actor, rule: Permission) -> None:
    """Raise Forbidden where the actor's role is not enough."""
    if _RANK[actor.role] < _RANK[rule.least]:
        raise Forbidden(rule.what)
