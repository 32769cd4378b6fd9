"""The domain's enums, described."""

from enum import StrEnum

from chassis.auth import Role
from chassis.graphql.enums import described
from chassis.plans import Feature, Plan, PlanState
from chassis.sharing import Sharing
from services.contacts.importing.readers.columns import Target
from services.contacts.links import SocialNetwork
from services.contacts.model import (
    AccountStatus,
    ContactOrigin,
    ExchangeSide,
    ExchangeState,
    FieldWorkKind,
    GroupKind,
    HistoryAction,
    ImportKey,
    ImportState,
    Kind,
    PlanStep,
    RelationKind,
)


class FileFormat(StrEnum):
    """What contacts are exported as."""

    CSV = "CSV"
    VCARD = "VCARD"


described(
    Sharing,
    "What collaborators and readers of an organization see of its contacts, accounts, deals and what is on them.",
    EVERYTHING="All of it.",
    OWN_PORTFOLIO="What they manage, own or follow, and what belongs to it.",
    TEAM_PORTFOLIO="The same, of everybody in one of their teams.",
)
described(
    Role,
    "What a collaborator may do.",
    READER="Reads everything, writes nothing.",
    COLLABORATOR="Reads and writes contacts, accounts and interlocutors.",
    ADMIN="Also manages collaborators, the organization and bank details.",
)
described(
    AccountStatus,
    "Where your firm stands with a company, or with a person.",
    SUSPECT="Might become interested one day.",
    PROSPECT="Has shown interest.",
    CLIENT="Has bought.",
    FORMER_CLIENT="Has bought, and buys no more.",
)
described(
    RelationKind,
    "What somebody is to your firm beside their status; several at once.",
    SUPPLIER="Sells to it.",
    PARTNER="Works with it.",
)
described(
    SocialNetwork,
    "Where somebody is found.",
    LINKEDIN="linkedin.com",
    X="x.com, formerly twitter.com",
    FACEBOOK="facebook.com",
    INSTAGRAM="instagram.com",
    YOUTUBE="youtube.com",
    TIKTOK="tiktok.com",
    XING="xing.com",
    GITHUB="github.com",
    BLUESKY="bsky.app",
    MASTODON="Any server of Mastodon.",
    OTHER="Anywhere else.",
)
described(
    HistoryAction,
    "What was done.",
    CREATED="It was added.",
    UPDATED="It was changed.",
    DELETED="It was deleted.",
    RESTORED="It was taken back.",
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
described(
    GroupKind,
    "Who decides about the members of a group.",
    STATIC="People put contacts into it, and take them out.",
    DYNAMIC="Whoever matches its definition is in it, as long as they do.",
)
described(
    ImportState,
    "How far an import is.",
    UPLOADING="Its file has not come yet.",
    INSPECTING="Its file is being looked at.",
    READY="It can be previewed and run.",
    RUNNING="Its entries are being written.",
    DONE="Every entry was written or left out.",
    CANCELLED="Somebody stopped it; what it had written stays.",
    REVERTING="What it wrote is being taken back.",
    REVERTED="What it wrote was taken back.",
    FAILED="It cannot go on; see `failure`.",
)
described(
    ImportKey,
    "By what an entry is recognized as a contact that is there already.",
    EMAIL="Any of its e-mail addresses.",
    PHONE="Any of its telephone numbers.",
    EXTERNAL_ID="Its id in the other program: a card's UID, a column mapped so.",
    NONE="Nothing: every entry becomes a new contact.",
)
described(
    Target,
    "What a column of a CSV becomes.",
    name="ImportTarget",
    GIVEN_NAME="First name.",
    MIDDLE_NAME="Further first names, put after the first.",
    FAMILY_NAME="Last name.",
    FULL_NAME="First and last name in one; used where neither has a column.",
    EMAIL="An e-mail address.",
    PHONE="A telephone number.",
    ORGANIZATION="The company; kept in the notes.",
    JOB_TITLE="The job title; kept in the notes.",
    NOTES="Notes.",
    LANGUAGE="The language to write in.",
    EXTERNAL_ID="The id in the other program.",
    STREET="A line of a postal address: number and street, building, post box.",
    POSTAL_CODE="The postal code of an address.",
    CITY="The city of an address.",
    REGION="The region, state or province of an address.",
    COUNTRY="The country of an address: its code, or its name in one of seven languages.",
    WHOLE_ADDRESS="An address in one piece: kept in the notes unless its parts have columns.",
    LANGUAGES="What they speak: tags (fr, pt-BR) or names in French and English, several separated by commas.",
    PROFILE="Where they are on social networks: addresses, or user names under a heading that names the network.",
    TAGS="Tags, separated by commas or semicolons, or by ::: as Google does; those that do not exist are made.",
    DETAIL="Kept in the notes under the column's heading.",
    IGNORE="Left out.",
)
described(
    ContactOrigin,
    "How a contact came into the address book.",
    MANUAL="Somebody typed it in.",
    IMPORT="From a file.",
    FIELD="Recorded outside, on a telephone.",
    BUSINESS_CARD="By an exchange of business cards.",
    MOVED="Added under another organization by mistake, and moved by somebody who belongs to both.",
)
described(
    FieldWorkKind,
    "What a record from the field says.",
    SUSPECT="Somebody was met, or a company seen.",
    UPDATE="More, or something better, about a suspect.",
    NOTE="Something to remember about a suspect.",
)
described(
    ExchangeSide,
    "Whose card an exchange began with.",
    HOST="Yours: somebody saw your card, and offered theirs.",
    GUEST="Theirs: you saw their card, and offered yours.",
)
described(
    ExchangeState,
    "How far an exchange of cards is.",
    PROPOSED="The guest offered a card; the host has not answered.",
    ACCEPTED="Each has the other's card, and a contact made of it.",
    DECLINED="The host wanted none.",
    WITHDRAWN="The guest took the offer back before it was answered.",
    REVOKED="One of the two ended it: the contacts stay, and are kept up to date no longer.",
)
described(
    FileFormat,
    "A format of address books.",
    name="ContactFileFormat",
    CSV="For spreadsheets: UTF-8 with a byte order mark.",
    VCARD="For telephones and mail programs: vCard 4.0.",
)
described(
    Plan,
    "What an organization has chosen.",
    PRO="Everything; begins with a trial of fifteen days without commitment.",
    CRM="Free and restricted: contacts, business cards, following organizations and reading their publications.",
)
described(
    PlanState,
    "What a plan gives now.",
    TRIAL="PRO, to the end of the trial.",
    SUBSCRIBED="PRO.",
    READ_ONLY="The trial is over: everything can be read, nothing written before somebody subscribes.",
    FREE="The free plan.",
)
described(
    Feature,
    "What a write needs the plan to have.",
    name="PlanFeature",
    CONTACTS="Contacts.",
    BUSINESS_CARDS="Business cards.",
    FOLLOWING="Following organizations and reading their publications.",
    ACCOUNTS="Accounts and interlocutors.",
    IMPORT="Importing address books.",
    TEAM="Inviting colleagues.",
    DEALS="Deals, quotes and events.",
    ALERTS="Alerts.",
    PUBLICATIONS="Publishing to contacts.",
    WEBHOOKS="Webhooks: messages to your own programs.",
)
described(
    PlanStep,
    "What happened to a plan.",
    TRIAL_BEGAN="The trial of PRO began.",
    TRIAL_EXTENDED="An operator gave the trial more days.",
    SUBSCRIBED="Somebody subscribed to PRO.",
    UNSUBSCRIBED="The subscription ended.",
    CHANGED_TO_CRM="The free plan was chosen.",
    CHANGED_TO_PRO="PRO was chosen again, for what was left of its trial.",
)

__all__ = [
    "AccountStatus",
    "ContactOrigin",
    "ExchangeSide",
    "ExchangeState",
    "FieldWorkKind",
    "FileFormat",
    "GroupKind",
    "HistoryAction",
    "ImportKey",
    "ImportState",
    "Kind",
    "PlanStep",
    "RelationKind",
    "Role",
    "Sharing",
    "SocialNetwork",
    "Target",
]
