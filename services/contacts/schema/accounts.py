"""Account, with its places and its history."""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import Within, list_field
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.duplicates.queries import like_accounts
from services.contacts.model import DuplicateKind
from services.contacts.permissions import Rule, check
from services.contacts.schema.banking import BankAccount, opened
from services.contacts.schema.custom_fields import CustomValue
from services.contacts.schema.duplicates import PossibleDuplicate
from services.contacts.schema.enums import AccountStatus, RelationKind
from services.contacts.schema.history import history_field
from services.contacts.schema.lists import AccountFilter, InterlocutorFilter
from services.contacts.schema.orders import AccountOrder, InterlocutorOrder
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.parts import EmailAddress, PhoneNumber, PostalAddress, SocialLink
from services.contacts.schema.photos import Photo
from services.contacts.schema.statuses import StatusChange
from services.contacts.schema.tags import TagType

if TYPE_CHECKING:
    from services.contacts.schema.interlocutors import InterlocutorType

Interlocutor = Annotated["InterlocutorType", strawberry.lazy("services.contacts.schema.interlocutors")]


Subsidiary = Annotated["Account", strawberry.lazy("services.contacts.schema.accounts")]


@strawberry.federation.type(keys=["id"], description="The file of a company.")
class Account:
    """See model.Account."""

    key: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID | None]
    parent_key: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `account_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="What the company is called.")
    siren: str | None = strawberry.field(description="SIREN: nine digits.")
    siret: str | None = strawberry.field(description="SIRET of the establishment: fourteen digits.")
    vat_number: str | None = strawberry.field(description="VAT number of the European Union.")
    website: str | None = strawberry.field(description="Its web site.")
    domain: str | None = strawberry.field(description="The host of its web site, without www.")
    status: AccountStatus = strawberry.field(description="Where your firm stands with it.")
    relation_kinds: list[RelationKind] = strawberry.field(description="What it is beside its status; several at once.")
    social_links: list[SocialLink] = strawberry.field(description="Where it is on social networks.")
    created_at: datetime = strawberry.field(description="When its file was opened.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="Its accounts at banks. Administrators only: an error FORBIDDEN for the others.")
    async def bank_accounts(self, info: Info) -> list[BankAccount] | None:
        """Decrypted where they are asked for."""
        check(info.context.actor, Rule.READ_BANK_DETAILS)
        return opened(info, await info.context.load(queries.bank_accounts, self.key))

    @strawberry.field(description="Its places, the main one first.")
    async def addresses(self, info: Info) -> list[PostalAddress]:
        """One statement for all the accounts of an answer."""
        return [PostalAddress.of(row) for row in await info.context.load(queries.account_addresses, self.key)]

    @strawberry.field(description="Its e-mail addresses, the primary one first.")
    async def emails(self, info: Info) -> list[EmailAddress]:
        """One statement for all."""
        return [EmailAddress.of(row) for row in await info.context.load(queries.account_emails, self.key)]

    @strawberry.field(description="Its telephone numbers, the primary one first.")
    async def phones(self, info: Info) -> list[PhoneNumber]:
        """One statement for all."""
        return [PhoneNumber.of(row) for row in await info.context.load(queries.account_phones, self.key)]

    @strawberry.field(description="Its tags, by name.")
    async def tags(self, info: Info) -> list[TagType]:
        """One statement for all."""
        return [TagType.of(row) for row in await info.context.load(queries.account_tags, self.key)]

    @strawberry.field(description="The company it belongs to, if it belongs to one.")
    async def parent(self, info: Info) -> Subsidiary | None:
        """One statement for all."""
        row = await info.context.load(queries.accounts, self.parent_key)
        return Account.of(row) if row else None

    subsidiaries = list_field(
        lambda: import_module("services.contacts.schema.queries").ACCOUNTS,
        Subsidiary,
        filter=AccountFilter,
        order=AccountOrder,
        within=Within(model.Account.parent_id),
        description="The companies that belong to it.",
    )

    @strawberry.field(description="Every status it had, oldest first.")
    async def status_history(self, info: Info) -> list[StatusChange]:
        """One statement for all."""
        return [StatusChange.of(row) for row in await info.context.load(queries.account_history, self.key)]

    @strawberry.field(description="The values of your organization's own fields, in the fields' order.")
    async def custom_values(self, info: Info) -> list[CustomValue]:
        """One statement for all."""
        return CustomValue.all_of(await info.context.load(queries.account_custom_values, self.key))

    history = history_field(model.HistoryEntry.account_id, "Every change of it and of who speaks for it, newest first.")

    @strawberry.field(description="What is good to know about this company.")
    async def notes(self, info: Info) -> str | None:
        """Read only where it is asked for: it may be long."""
        row = await info.context.load(queries.account_notes, self.key)
        return row.notes if row else None

    @strawberry.field(description="The collaborator in charge of the relation.")
    async def relationship_manager(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.manager_id)

    interlocutors = list_field(
        lambda: import_module("services.contacts.schema.interlocutors").INTERLOCUTORS,
        Interlocutor,
        filter=InterlocutorFilter,
        order=InterlocutorOrder,
        within=Within(model.Interlocutor.account_id),
        description="Who speaks for it, or spoke for it.",
    )

    @strawberry.field(description="Its logo, if somebody gave one.")
    async def logo(self, info: Info) -> Photo | None:
        """One statement for all."""
        return await Photo.load(info, "account", self.key)

    @strawberry.field(
        description="What may be the same company, surest first: a warning after a write, and at any time after."
    )
    async def duplicates(self, info: Info) -> list[PossibleDuplicate]:
        """Looked up as it is now, for all of an answer at once."""
        found = await info.context.load(like_accounts, self.key)
        return [PossibleDuplicate.of(DuplicateKind.ACCOUNT, each) for each in found]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.ACCOUNT."""
        return cls(
            key=row.id,
            id=strawberry.ID(format_id("account", row.id)),
            version=row.version,
            name=row.name,
            siren=row.siren,
            siret=row.siret,
            vat_number=row.vat_number,
            website=row.website,
            domain=row.domain,
            status=row.status,
            relation_kinds=row.relation_kinds,
            social_links=[SocialLink.of(each) for each in row.social_links or ()],
            parent_key=row.parent_id,
            manager_id=row.relationship_manager_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("account", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.accounts, id)
        return cls.of(row) if row else None


ACCOUNT_NEEDS: Needs = {
    "relationshipManager": ("relationship_manager_id",),
    **dict.fromkeys(("addresses", "statusHistory", "notes", "interlocutors"), ()),
}
_ENTITIES = Entities(
    "Account", queries.ACCOUNT, model.Account.id, ACCOUNT_NEEDS, ("id", "merged_into_id"), queries.accounts_of
)
