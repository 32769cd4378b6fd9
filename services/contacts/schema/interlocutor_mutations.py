"""Writing interlocutors: input types, their parsing, the mutations."""

from datetime import date, datetime
from typing import Annotated, cast
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import queries
from services.contacts.commands import interlocutors as commands
from services.contacts.permissions import Rule
from services.contacts.schema.interlocutors import InterlocutorType
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_moment, required

InterlocutorResult = Annotated[
    InterlocutorType | CommonErrors,
    strawberry.union("InterlocutorResult", description="The link, or why nothing was written."),
]


@strawberry.input(description="A contact who speaks for an account.")
class CreateInterlocutorInput(Write):
    """See commands.create_interlocutor."""

    contact_id: strawberry.ID = strawberry.field(description="The person.")
    account_id: strawberry.ID = strawberry.field(description="The company.")
    job_title: str | None = strawberry.field(default=None, description="Their job at this company.")
    decision_maker: bool = strawberry.field(default=False, description="Whether they decide there.")
    started_on: date | None = strawberry.field(default=None, description="The day it began, if it is known.")


@strawberry.input(description="What to change of a link; what is absent stays, null takes away.")
class UpdateInterlocutorInput(Update):
    """See commands.update_interlocutor."""

    job_title: str | None = field("Their job at this company.")
    decision_maker: bool | None = field("Whether they decide there.")
    started_on: date | None = field("The day it began, if it is known.")
    ended_at: datetime | None = field("When it ended, with its offset; null makes it last again.")


@strawberry.input(description="Which link to delete: one that was made by mistake. What is over is ended, not deleted.")
class DeleteInterlocutorInput(Update):
    """See commands.delete_interlocutor."""


@strawberry.input(description="Which link to restore.")
class RestoreInterlocutorInput(Update):
    """See commands.restore_interlocutor."""


@strawberry.type
class InterlocutorMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Link a contact to an account.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def create_interlocutor(
        self, info: Info, input: Annotated[CreateInterlocutorInput, strawberry.argument(description="The link.")]
    ) -> InterlocutorResult:
        """See commands.create_interlocutor."""

        async def act(work: UnitOfWork) -> UUID:
            contact = parse_id("contact", input.contact_id, "contactId")
            account = parse_id("account", input.account_id, "accountId")
            values = commands.InterlocutorValues(
                job_title=text.optional_line(input.job_title, "jobTitle"),
                decision_maker=input.decision_maker,
                started_on=input.started_on,
            )
            return await commands.create_interlocutor(work, contact, account, values)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change or end a link.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def update_interlocutor(
        self, info: Info, input: Annotated[UpdateInterlocutorInput, strawberry.argument(description="What to change.")]
    ) -> InterlocutorResult:
        """See commands.update_interlocutor."""

        async def act(work: UnitOfWork) -> UUID:
            told = given(
                job_title=parsed(input.job_title, text.optional_line, "jobTitle"),
                decision_maker=required(input.decision_maker, lambda value, _: value, "decisionMaker"),
                started_on=input.started_on,
                ended_at=parsed_moment(input.ended_at, "endedAt"),
            )
            values = cast("commands.InterlocutorValues", told)
            return await commands.update_interlocutor(
                work, parse_id("interlocutor", input.id), values, input.expected_version
            )

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Delete a link that was made by mistake; it can be restored.",
        extensions=writing(Rule.WRITE_ACCOUNTS),
    )
    async def delete_interlocutor(
        self, info: Info, input: Annotated[DeleteInterlocutorInput, strawberry.argument(description="Which one.")]
    ) -> InterlocutorResult:
        """See commands.delete_interlocutor."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.delete_interlocutor(work, parse_id("interlocutor", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take a deleted link back.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def restore_interlocutor(
        self, info: Info, input: Annotated[RestoreInterlocutorInput, strawberry.argument(description="Which one.")]
    ) -> InterlocutorResult:
        """See commands.restore_interlocutor."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.restore_interlocutor(work, parse_id("interlocutor", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    create_interlocutors = batch_of(create_interlocutor, "create_interlocutors", "Link contacts to accounts.")
    update_interlocutors = batch_of(update_interlocutor, "update_interlocutors", "Change or end links.")
    delete_interlocutors = batch_of(delete_interlocutor, "delete_interlocutors", "Delete links made by mistake.")
    restore_interlocutors = batch_of(restore_interlocutor, "restore_interlocutors", "Take deleted links back.")


async def _shown(info: Info, id: UUID) -> InterlocutorType:
    return InterlocutorType.of(await info.context.load(queries.interlocutors, id))
