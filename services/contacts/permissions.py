"""Who may do what: the one place that says it. Every query and mutation of the schema names one of these rules."""

from enum import Enum

from chassis.auth import Actor, Role
from chassis.errors import Forbidden

_RANK = {Role.READER: 0, Role.COLLABORATOR: 1, Role.ADMIN: 2}


class Rule(Enum):
    """What is asked for, in words that end "your role does not allow you to", and the least role that may."""

    READ = ("read your organization's contacts", Role.READER)
    WRITE_CONTACTS = ("change contacts", Role.COLLABORATOR)
    IMPORT_CONTACTS = ("import contacts", Role.COLLABORATOR)
    EXPORT_CONTACTS = ("export contacts", Role.COLLABORATOR)
    WRITE_ACCOUNTS = ("change accounts", Role.COLLABORATOR)
    SET_OWN_PHOTO = ("change your photo", Role.COLLABORATOR)
    SETTLE_DUPLICATES = ("search for duplicates and settle them", Role.COLLABORATOR)
    READ_BANK_DETAILS = ("read bank details", Role.ADMIN)
    WRITE_BANK_DETAILS = ("change bank details", Role.ADMIN)
    MANAGE_COLLABORATORS = ("manage collaborators", Role.ADMIN)
    MANAGE_TEAMS = ("manage teams", Role.ADMIN)
    MANAGE_ORGANIZATION = ("change the organization", Role.ADMIN)

    def __init__(self, what: str, least: Role) -> None:
        self.what, self.least = what, least


def check(actor: Actor, rule: Rule) -> None:
    """Raise Forbidden where the actor's role is not enough."""
    if _RANK[actor.role] < _RANK[rule.least]:
        raise Forbidden(rule.what)
