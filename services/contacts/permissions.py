"""Who may do what: the one place that says it. Every query and mutation of the schema names one of these rules.

A rule of a mutation also names the feature that the organization's plan must have (chassis.plans): contacts unless
told, and None for what is never refused, such as subscribing, withdrawing an access, or taking one's data away.
"""

from chassis.auth import Role
from chassis.permissions import Permission, check
from chassis.plans import Feature

__all__ = ["Rule", "check"]


class Rule(Permission):
    """What is asked for, in words that end "your role does not allow you to", the least role, the plan's feature."""

    READ = ("read your organization's contacts", Role.READER)
    WRITE_CONTACTS = ("change contacts", Role.COLLABORATOR)
    SET_OWN_PHOTO = ("change your photo", Role.COLLABORATOR)
    USE_CARDS = ("use business cards", Role.COLLABORATOR, Feature.BUSINESS_CARDS)
    END_EXCHANGES = ("end exchanges of business cards", Role.COLLABORATOR, None)
    SETTLE_DUPLICATES = ("search for duplicates and settle them", Role.COLLABORATOR)
    IMPORT_CONTACTS = ("import contacts", Role.COLLABORATOR, Feature.IMPORT)
    EXPORT_CONTACTS = ("export contacts", Role.COLLABORATOR, None)
    WRITE_GROUPS = ("change groups", Role.COLLABORATOR)
    WRITE_ACCOUNTS = ("change accounts", Role.COLLABORATOR, Feature.ACCOUNTS)
    MANAGE_TAGS = ("manage tags", Role.COLLABORATOR)
    MANAGE_CUSTOM_FIELDS = ("manage custom fields", Role.ADMIN)
    MERGE_CONTACTS = ("merge contacts", Role.COLLABORATOR)
    MERGE_ACCOUNTS = ("merge accounts", Role.COLLABORATOR)
    ERASE_PERSONS = ("erase persons", Role.ADMIN, None)
    EXPORT_PERSONS = ("export all that is kept of a person", Role.ADMIN, None)
    PURGE = ("purge what was deleted", Role.ADMIN, None)
    READ_BANK_DETAILS = ("read bank details", Role.ADMIN)
    WRITE_BANK_DETAILS = ("change bank details", Role.ADMIN, Feature.ACCOUNTS)
    READ_INVITATIONS = ("read invitations", Role.ADMIN)
    INVITE_COLLABORATORS = ("invite collaborators", Role.ADMIN, Feature.TEAM)
    MANAGE_COLLABORATORS = ("manage collaborators", Role.ADMIN, None)
    MANAGE_TEAMS = ("manage teams", Role.ADMIN, Feature.TEAM)
    FOLLOW_ORGANIZATIONS = ("follow organizations", Role.COLLABORATOR, Feature.FOLLOWING)
    MANAGE_PLAN = ("choose your organization's plan", Role.ADMIN, None)
    CHANGE_ONESELF = ("change your profile", Role.READER, None)
    MANAGE_ORGANIZATION = ("change the organization", Role.ADMIN)

    def __init__(self, what: str, least: Role, feature: Feature | None = Feature.CONTACTS) -> None:
        super().__init__(what, least, feature)
