"""Account, with its places and its history."""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.listing import Within, list_field
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.duplicates.queries import like_accounts
from services.contacts.errors import BankDetailsUnavailable
from services.contacts.model import DuplicateKind
from services.contacts.permissions import Rule, check
from services.contacts.schema.duplicates import PossibleDuplicate
from services.contacts.schema.enums import AccountStatus, Kind
from services.contacts.schema.history import history_field
from services.contacts.schema.lists import InterlocutorFilter
from services.contacts.schema.orders import InterlocutorOrder
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.photos import Photo
from services.contacts.schema.statuses import StatusChange

if TYPE_CHECKING:
    from services.contacts.schema.interlocutors import InterlocutorType

Interlocutor = Annotated["InterlocutorType", strawberry.lazy("services.contacts.schema.interlocutors")]


@strawberry.type(description="A place of a company.")
class AccountAddress:
    """See model.AccountAddress."""

    kind: Kind = strawberry.field(description="What it is used for.")
    lines: str = strawberry.field(description="Street and number, building…; several lines.")
    postal_code: str | None = strawberry.field(description="Postal code.")
    city: str | None = strawberry.field(description="City.")
    country: str = strawberry.field(description="Country (ISO 3166-1): FR.")


@strawberry.federation.type(keys=["id"], description="The file of a company.")
class Account:
    """See model.Account."""

    key: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `account_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="What the company is called.")
    siren: str | None = strawberry.field(description="SIREN: nine digits.")
    siret: str | None = strawberry.field(description="SIRET of the establishment: fourteen digits.")
    vat_number: str | None = strawberry.field(description="VAT number of the European Union.")
    status: AccountStatus = strawberry.field(description="Where your firm stands with it.")
    created_at: datetime = strawberry.field(description="When its file was opened.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="Its IBAN. Administrators only: an error FORBIDDEN for the others.")
    async def iban(self, info: Info) -> str | None:
        """Decrypted where it is asked for."""
        check(info.context.actor, Rule.READ_BANK_DETAILS)
        row = await info.context.load(queries.sealed_ibans, self.key)
        if row is None or row.iban_sealed is None:
            return None
        if info.context.tools.cipher is None:
            raise BankDetailsUnavailable
        return str(info.context.tools.cipher.decrypt(row.iban_sealed, self.key))

    @strawberry.field(description="Its places, the main one first.")
    async def addresses(self, info: Info) -> list[AccountAddress]:
        """One statement for all the accounts of an answer."""
        rows = await info.context.load(queries.account_addresses, self.key)
        return [
            AccountAddress(
                kind=row.kind, lines=row.lines, postal_code=row.postal_code, city=row.city, country=row.country
            )
            for row in rows
        ]

    @strawberry.field(description="Every status it had, oldest first.")
    async def status_history(self, info: Info) -> list[StatusChange]:
        """One statement for all."""
        return [StatusChange.of(row) for row in await info.context.load(queries.account_history, self.key)]

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
            status=row.status,
            manager_id=row.relationship_manager_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        return await cls.load(info, parse_id("account", id))

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.accounts, id)
        return cls.of(row) if row else None
