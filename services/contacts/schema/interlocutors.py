"""Interlocutor: the link between a contact and an account."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import Listing
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.schema.accounts import Account
from services.contacts.schema.contacts import Contact
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.lists import on_interlocutors
from services.contacts.schema.orders import INTERLOCUTOR_COLUMNS


@strawberry.federation.type(
    name="Interlocutor", keys=["id"], description="A contact who speaks for a company, from one day to another."
)
class InterlocutorType:
    """See model.Interlocutor."""

    contact_id: strawberry.Private[UUID]
    account_id: strawberry.Private[UUID]
    id: strawberry.ID = strawberry.field(description="TypeID, `interlocutor_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    job_title: str | None = strawberry.field(description="Their job at this company.")
    decision_maker: bool = strawberry.field(description="Whether they decide there.")
    started_on: date | None = strawberry.field(description="The day it began, if it is known.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it lasts.")
    created_at: datetime = strawberry.field(description="When the link was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="The person.")
    async def contact(self, info: Info) -> Contact:
        """One statement for all."""
        return Contact.of(await info.context.load(queries.contacts, self.contact_id))

    @strawberry.field(description="The company.")
    async def account(self, info: Info) -> Account:
        """One statement for all."""
        return Account.of(await info.context.load(queries.accounts, self.account_id))

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.INTERLOCUTOR."""
        return cls(
            contact_id=row.contact_id,
            account_id=row.account_id,
            id=strawberry.ID(format_id("interlocutor", row.id)),
            version=row.version,
            job_title=row.job_title,
            decision_maker=row.decision_maker,
            started_on=row.started_on,
            ended_at=row.ended_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("interlocutor", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.interlocutors, id)
        return cls.of(row) if row else None


_NEEDS: Needs = {"contact": ("contact_id",), "account": ("account_id",)}
_ENTITIES = Entities("Interlocutor", queries.INTERLOCUTOR, model.Interlocutor.id, _NEEDS)
INTERLOCUTORS = Listing(
    queries.INTERLOCUTOR,
    model.Interlocutor.id,
    InterlocutorType.of,
    on_interlocutors,
    INTERLOCUTOR_COLUMNS,
    needs=_NEEDS,
    check=custom_fields_known(model.CustomFieldSubject.CONTACT),
)
