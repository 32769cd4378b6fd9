"""Erasing persons: the mutation, and how far each service is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis.database import ReadSession, UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.contacts import model
from services.contacts.commands.loading import country_of
from services.contacts.commands.protection import lift
from services.contacts.model import ErasureState
from services.contacts.permissions import Rule
from services.contacts.privacy.erasing import Erasing, erase_person
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Write, once
from services.contacts.values import parse_email, parse_phone

described(
    ErasureState,
    "How far an erasure is.",
    RUNNING="Some service has still to do its part; one that is down does it when it is back.",
    DONE="Every service has forgotten the person.",
)
ErasureId = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="A person who was erased, and when each service had done its part. It names nobody.")
class Erasure:
    """See model.Erasure."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `erasure_…`.")
    contact_id: strawberry.ID = strawberry.field(description="The contact: its row stays, and says nothing any more.")
    state: ErasureState = strawberry.field(description="How far it is.")
    at: datetime = strawberry.field(description="When it was asked for.")
    contacts_at: datetime | None = strawberry.field(description="When contacts had done its part.")
    deals_at: datetime | None = strawberry.field(description="When deals had done its part; null until then.")
    notifier_at: datetime | None = strawberry.field(description="When the notifier had done its part; null until then.")

    @strawberry.field(description="Who asked for it.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.created_by_id)

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.load(_erasures, id)
        if row is None:
            return None
        return cls(
            row=row,
            id=strawberry.ID(format_id("erasure", row.id)),
            contact_id=strawberry.ID(format_id("contact", row.contact_id)),
            state=row.state,
            at=row.created_at,
            contacts_at=row.contacts_at,
            deals_at=row.deals_at,
            notifier_at=row.notifier_at,
        )


ErasureResult = Annotated[
    Erasure | CommonErrors, strawberry.union("ErasureResult", description="The erasure, or why nothing was done.")
]


@strawberry.input(description="Whom to erase, for ever and in every service.")
class ErasePersonInput(Write):
    """See privacy.erasing."""

    id: strawberry.ID = strawberry.field(description="The contact.")
    confirmation: str = strawberry.field(description="The first and last name again: this cannot be undone.")
    do_not_contact: bool = strawberry.field(
        default=True, description="Keep hashes of the addresses and numbers, so that they can be recognized."
    )


@strawberry.type(description="An address or a number that may be taken in again.")
class DoNotContactLifted:
    """See commands.protection."""

    id: strawberry.ID = strawberry.field(description="TypeID, `lift_…`: the same where the key was used before.")


LiftResult = Annotated[
    DoNotContactLifted | CommonErrors,
    strawberry.union("LiftDoNotContactResult", description="That it was lifted, or why it was not."),
]


@strawberry.input(description="An address or a number of somebody who was erased, and came back by themselves: one.")
class LiftDoNotContactInput(Write):
    """See commands.protection.lift."""

    email: str | None = strawberry.field(default=None, description="An e-mail address.")
    phone: str | None = strawberry.field(default=None, description="A telephone number.")


@strawberry.type
class ErasureQueries:
    """Fields of Query."""

    @strawberry.field(
        description="One erasure, with its progress; null if there is none.", extensions=reading(Rule.ERASE_PERSONS)
    )
    async def erasure(self, info: Info, id: ErasureId) -> Erasure | None:
        """By id."""
        return await Erasure.load(info, parse_id("erasure", id))


@strawberry.type
class ErasureMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Erase a person in every service: irreversible. Counts and sums stay true.",
        extensions=writing(Rule.ERASE_PERSONS),
    )
    async def erase_person(
        self, info: Info, input: Annotated[ErasePersonInput, strawberry.argument(description="Whom.")]
    ) -> ErasureResult:
        """See privacy.erasing."""
        order = Erasing(
            contact=parse_id("contact", input.id), confirmation=input.confirmation, protect=input.do_not_contact
        )

        async def act(work: UnitOfWork) -> UUID:
            return await erase_person(work, order)

        made = await Erasure.load(info, await once(info, input, act))
        if made is None:
            raise RuntimeError("an erasure that is not there")
        return made

    @strawberry.mutation(
        description="Let an address or a number of somebody who was erased be taken in again.",
        extensions=writing(Rule.ERASE_PERSONS),
    )
    async def lift_do_not_contact(
        self, info: Info, input: Annotated[LiftDoNotContactInput, strawberry.argument(description="Which one.")]
    ) -> LiftResult:
        """See commands.protection.lift."""

        async def act(work: UnitOfWork) -> UUID:
            return await lift(work, *await _reached(work, input))

        return DoNotContactLifted(id=strawberry.ID(format_id("lift", await once(info, input, act))))


async def _reached(work: UnitOfWork, input: LiftDoNotContactInput) -> tuple[str, str]:
    if (input.email is None) == (input.phone is None):
        raise InvalidInput("email", "Give an e-mail address or a telephone number: one of the two.")
    if input.email is not None:
        return parse_email(input.email, "email"), "email"
    return parse_phone(input.phone or "", "phone", await country_of(work)), "phone"


async def _erasures(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    columns = model.Erasure.__table__.c
    return await read.by_key(select(*columns), columns.id, ids)
