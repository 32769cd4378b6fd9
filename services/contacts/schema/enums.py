"""The domain's enums, described."""

from chassis.auth import Role
from chassis.graphql.enums import described
from services.contacts.model import AccountStatus, Kind

described(
    Role,
    "What a collaborator may do.",
    READER="Reads everything, writes nothing.",
    COLLABORATOR="Reads and writes contacts, accounts and interlocutors.",
    ADMIN="Also manages collaborators, the organization and bank details.",
)
described(
    AccountStatus,
    "Where your firm stands with a company.",
    SUSPECT="Might become interested one day.",
    PROSPECT="Has shown interest.",
    CLIENT="Has bought.",
    FORMER_CLIENT="Has bought, and buys no more.",
)
described(
    Kind,
    "What an address or a number is used for.",
    WORK="At work.",
    MOBILE="Carried along.",
    HOME="Private.",
    BILLING="For invoices.",
    OTHER="Anything else.",
)

__all__ = ["AccountStatus", "Kind", "Role"]
