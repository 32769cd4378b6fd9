"""Tables and invariants. Every row belongs to one organization, and every reference stays within it."""

from services.contacts.model.base import Base, Kind, idempotency, inbox, outbox
from services.contacts.model.cards import BusinessCard, CardExchange, CardLink, ExchangeSide, ExchangeState
from services.contacts.model.companies import Account, Interlocutor
from services.contacts.model.custom_fields import (
    AccountCustomValue,
    ContactCustomValue,
    CustomField,
    CustomFieldSubject,
    CustomFieldType,
)
from services.contacts.model.doors import Invitation, Person, PersonAddress, SignIn
from services.contacts.model.duplicates import (
    DuplicateDue,
    DuplicateKind,
    DuplicatePair,
    DuplicateSearch,
    DuplicateSearchState,
    DuplicateState,
)
from services.contacts.model.fieldwork import FieldRecord, FieldWorkKind
from services.contacts.model.following import FOLLOWING_VERSION, Following
from services.contacts.model.groups import Group, GroupDue, GroupKind, GroupMember
from services.contacts.model.history import HistoryAction, HistoryEntry
from services.contacts.model.imports import (
    WORKED,
    ContactExternalId,
    ContactImport,
    ContactImportChunk,
    ContactImportCompany,
    ContactImportProblem,
    ContactImportRow,
    ImportAction,
    ImportedKind,
    ImportKey,
    ImportState,
    TransferPurpose,
    TransferTicket,
)
from services.contacts.model.merges import Merge
from services.contacts.model.people import (
    Collaborator,
    Contact,
    ContactEmail,
    ContactOrigin,
    ContactPhone,
    Organization,
)
from services.contacts.model.pictures import Picture, PictureRendition
from services.contacts.model.places import AccountAddress, AccountEmail, AccountPhone, BankAccount, ContactAddress
from services.contacts.model.plans import PlanChange, PlanStep
from services.contacts.model.privacy import (
    DoNotContact,
    Erasure,
    ErasureState,
    PersonExport,
    PersonExportPart,
    PersonExportState,
    Purge,
)
from services.contacts.model.search import SearchEntry
from services.contacts.model.statuses import (
    REACHABLE,
    AccountStatus,
    AccountStatusChange,
    ContactStatusChange,
    RelationKind,
)
from services.contacts.model.tags import AccountTag, ContactTag, Tag
from services.contacts.model.teams import Team, TeamMember

__all__ = [
    "FOLLOWING_VERSION",
    "REACHABLE",
    "WORKED",
    "Account",
    "AccountAddress",
    "AccountCustomValue",
    "AccountEmail",
    "AccountPhone",
    "AccountStatus",
    "AccountStatusChange",
    "AccountTag",
    "BankAccount",
    "Base",
    "BusinessCard",
    "CardExchange",
    "CardLink",
    "Collaborator",
    "Contact",
    "ContactAddress",
    "ContactCustomValue",
    "ContactEmail",
    "ContactExternalId",
    "ContactImport",
    "ContactImportChunk",
    "ContactImportCompany",
    "ContactImportProblem",
    "ContactImportRow",
    "ContactOrigin",
    "ContactPhone",
    "ContactStatusChange",
    "ContactTag",
    "CustomField",
    "CustomFieldSubject",
    "CustomFieldType",
    "DoNotContact",
    "DuplicateDue",
    "DuplicateKind",
    "DuplicatePair",
    "DuplicateSearch",
    "DuplicateSearchState",
    "DuplicateState",
    "Erasure",
    "ErasureState",
    "ExchangeSide",
    "ExchangeState",
    "FieldRecord",
    "FieldWorkKind",
    "Following",
    "Group",
    "GroupDue",
    "GroupKind",
    "GroupMember",
    "HistoryAction",
    "HistoryEntry",
    "ImportAction",
    "ImportKey",
    "ImportState",
    "ImportedKind",
    "Interlocutor",
    "Invitation",
    "Kind",
    "Merge",
    "Organization",
    "Person",
    "PersonAddress",
    "PersonExport",
    "PersonExportPart",
    "PersonExportState",
    "Picture",
    "PictureRendition",
    "PlanChange",
    "PlanStep",
    "Purge",
    "RelationKind",
    "SearchEntry",
    "SignIn",
    "Tag",
    "Team",
    "TeamMember",
    "TransferPurpose",
    "TransferTicket",
    "idempotency",
    "inbox",
    "outbox",
]
