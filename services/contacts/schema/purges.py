"""Purging what was deleted: the mutations, and what was purged."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, func, select

from chassis.database import ReadSession, UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import ChoiceFilter, Conditions, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.identifiers import format_id, parse_id
from services.contacts import model
from services.contacts.model import DuplicateKind
from services.contacts.permissions import Rule
from services.contacts.privacy.purging import purge_account, purge_contact, purge_deleted, purgeable
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, once, parsed_moment

_COLUMNS = model.Purge.__table__.c
_TABLES = (model.Contact, model.Account)


@strawberry.type(name="Purge", description="A deleted contact or account that was purged. It names nobody.")
class PurgeType:
    """See model.Purge."""

    by_id: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `purge_…`.")
    subject_id: strawberry.ID = strawberry.field(description="TypeID of the contact or account that is no more.")
    kind: DuplicateKind = strawberry.field(description="What it was.")
    at: datetime = strawberry.field(description="When.")

    @strawberry.field(description="Who did it.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of the table."""
        subject = strawberry.ID(format_id(row.kind.value.lower(), row.subject_id))
        id = strawberry.ID(format_id("purge", row.id))
        return cls(by_id=row.by_id, id=id, subject_id=subject, kind=row.kind, at=row.at)


@strawberry.type(name="PurgedDeleted", description="How many were purged at once.")
class PurgedDeletedType:
    """See privacy.purging.purge_deleted."""

    contacts: int = strawberry.field(description="Contacts that are no more.")
    accounts: int = strawberry.field(description="Accounts that are no more.")
    more: bool = strawberry.field(description="Whether there are more: ask again.")


PurgeResult = Annotated[
    PurgeType | CommonErrors, strawberry.union("PurgeResult", description="The purge, or why nothing was done.")
]
PurgeDeletedResult = Annotated[
    PurgedDeletedType | CommonErrors,
    strawberry.union("PurgeDeletedResult", description="How many were purged, or why nothing was done."),
]


@strawberry.input(description="Which deleted contact to purge, for ever.")
class PurgeContactInput(Update):
    """See privacy.purging."""


@strawberry.input(description="Which deleted account to purge, for ever.")
class PurgeAccountInput(Update):
    """See privacy.purging."""


@strawberry.input(description="What was deleted long enough ago to be purged.")
class PurgeDeletedInput(Write):
    """See privacy.purging."""

    deleted_before: datetime = strawberry.field(
        description="Contacts and accounts that were deleted before this moment, with its offset."
    )


@strawberry.input(description="Which purges. All the conditions given must hold.")
class PurgeFilter:
    """See PURGES."""

    kind: ChoiceFilter[DuplicateKind] | None = condition("What it was.")
    by_id: IdFilter | None = condition("The collaborator who did it.")
    at: DateTimeFilter | None = condition("When.")
    and_: list["PurgeFilter"] | None = condition("All of these hold.", name="and")
    or_: list["PurgeFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "PurgeFilter | None" = condition("This does not hold.", name="not")


class PurgeOrderField(StrEnum):
    """What purges can be ordered by."""

    AT = "at"


described(PurgeOrderField, "What purges can be ordered by.", AT="When.")


@strawberry.input(description="One term of an order of purges.")
class PurgeOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: PurgeOrderField = strawberry.field(description="By what.")


_CONDITIONS: Conditions = {
    "kind": by(model.Purge.kind),
    "by_id": by(model.Purge.by_id, "collaborator"),
    "at": by(model.Purge.at),
}
_ORDERS: Columns = {PurgeOrderField.AT: (model.Purge.at, False)}
PURGES = Listing(
    select(*_COLUMNS),
    model.Purge.id,
    PurgeType.of,
    lambda filter: where(filter, _CONDITIONS),
    _ORDERS,
    default=(Order(model.Purge.id, descending=True),),
)


@strawberry.type
class PurgeQueries:
    """Fields of Query."""

    purges = list_field(
        lambda: PURGES,
        PurgeType,
        filter=PurgeFilter,
        order=PurgeOrder,
        description="What was purged, newest first.",
        extensions=reading(Rule.PURGE),
        newest_first=True,
    )


@strawberry.type
class PurgeMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Purge a deleted contact: it cannot be restored any more. Deals and timelines stay.",
        extensions=writing(Rule.PURGE),
    )
    async def purge_contact(
        self, info: Info, input: Annotated[PurgeContactInput, strawberry.argument(description="Which one.")]
    ) -> PurgeResult:
        """See privacy.purging."""

        async def act(work: UnitOfWork) -> UUID:
            return await purge_contact(work, parse_id("contact", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Purge a deleted account: it cannot be restored any more. Deals and timelines stay.",
        extensions=writing(Rule.PURGE),
    )
    async def purge_account(
        self, info: Info, input: Annotated[PurgeAccountInput, strawberry.argument(description="Which one.")]
    ) -> PurgeResult:
        """See privacy.purging."""

        async def act(work: UnitOfWork) -> UUID:
            return await purge_account(work, parse_id("account", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    purge_contacts = batch_of(purge_contact, "purge_contacts", "Purge deleted contacts, for ever.")
    purge_accounts = batch_of(purge_account, "purge_accounts", "Purge deleted accounts, for ever.")

    @strawberry.mutation(
        description="Purge what was deleted long ago, up to 200 at a time; ask again while there is more.",
        extensions=writing(Rule.PURGE),
    )
    async def purge_deleted(
        self, info: Info, input: Annotated[PurgeDeletedInput, strawberry.argument(description="How long ago.")]
    ) -> PurgeDeletedResult:
        """See privacy.purging."""
        before = parsed_moment(input.deleted_before, "deletedBefore")
        batch = await once(info, input, lambda work: purge_deleted(work, before))
        counts = await _counts(info.context.read, batch)
        more = [await info.context.read.first(purgeable(each, before).limit(1)) for each in _TABLES]
        return PurgedDeletedType(
            contacts=counts[DuplicateKind.CONTACT], accounts=counts[DuplicateKind.ACCOUNT], more=any(more)
        )


async def _shown(info: Info, id: UUID) -> PurgeType:
    row = await info.context.load(_purges, id)
    if row is None:
        raise RuntimeError("a purge that is not there")
    return PurgeType.of(row)


async def _purges(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    return await read.by_key(select(*_COLUMNS), _COLUMNS.id, ids)


async def _counts(read: ReadSession, batch: UUID) -> Counter[DuplicateKind]:
    counted = select(_COLUMNS.kind, func.count().label("count")).where(_COLUMNS.batch_id == batch)
    return Counter({row.kind: row.count for row in await read.rows(counted.group_by(_COLUMNS.kind))})
