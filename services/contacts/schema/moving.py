"""Moving a contact to another of the caller's organizations."""

from typing import Annotated
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from chassis.auth import Actor
from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.commands import moving as commands
from services.contacts.permissions import Rule
from services.contacts.schema.memberships import doors_of
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, once

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="What moving a contact would do; nothing is changed.")
class ContactMovePreview:
    """See commands.move_contact."""

    carried: list[str] = strawberry.field(
        description="What crosses, by field: givenName, familyName, language, emails, phones; notes where you say so."
    )
    interlocutors_left: int = strawberry.field(
        description="Current links to companies that stay behind, as do deals, events, status, history and groups."
    )
    already_there: list[str] = strawberry.field(
        description="Names of contacts of the other organization that have one of its e-mail addresses."
    )


@strawberry.type(description="A contact that was moved: here it is deleted, and can be restored.")
class ContactMoved:
    """See commands.move_contact."""

    organization_id: strawberry.ID = strawberry.field(description="Where it is now; switch there to see it.")
    contact_id: strawberry.ID = strawberry.field(description="Its id there.")


ContactMoveResult = Annotated[
    ContactMoved | CommonErrors,
    strawberry.union("ContactMoveResult", description="Where the contact is, or why it was not moved."),
]


@strawberry.input(description="Which contact, and where it belongs.")
class MoveContactInput(Update):
    """See commands.Move."""

    organization_id: strawberry.ID = strawberry.field(description="One of `myMemberships`.")
    with_notes: bool = strawberry.field(
        default=False, description="Whether the notes cross too: they are your firm's words about a person."
    )


@strawberry.type
class MovingQueries:
    """Fields of Query."""

    @strawberry.field(
        description="What `moveContact` would do; needs a token of signing in.", extensions=reading(Rule.WRITE_CONTACTS)
    )
    async def contact_move_preview(
        self,
        info: Info,
        id: Id,
        organization_id: Annotated[strawberry.ID, strawberry.argument(description="One of `myMemberships`.")],
    ) -> ContactMovePreview:
        """From both sides, each as its member sees it."""
        contact = parse_id("contact", id)
        there = await _member(info, organization_id)
        row = await info.context.load(queries.contacts, contact)
        if row is None:
            raise NotFound("contact", contact)
        emails = await info.context.load(queries.contact_emails, contact)
        phones = await info.context.load(queries.contact_phones, contact)
        held = {"givenName": row.given_name, "familyName": row.family_name, "language": row.language}
        return ContactMovePreview(
            carried=[name for name, value in {**held, "emails": emails, "phones": phones}.items() if value],
            interlocutors_left=await _links(info, contact),
            already_there=await _known(info, there, [email.address.lower() for email in emails]),
        )


@strawberry.type
class MovingMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Move a contact that was added under the wrong organization; needs a token of signing in.",
        extensions=writing(Rule.WRITE_CONTACTS),
    )
    async def move_contact(
        self, info: Info, input: Annotated[MoveContactInput, strawberry.argument(description="Which, where to.")]
    ) -> ContactMoveResult:
        """See commands.move_contact."""
        there = await _member(info, input.organization_id)

        async def act(work: UnitOfWork) -> UUID:
            move = commands.Move(parse_id("contact", input.id), there, input.with_notes, input.expected_version)
            return await commands.move_contact(work, move)

        moved = await once(info, input, act)
        return ContactMoved(
            organization_id=input.organization_id, contact_id=strawberry.ID(format_id("contact", moved))
        )


async def _member(info: Info, organization: strawberry.ID) -> Actor:
    wanted = parse_id("organization", organization, "organizationId")
    return await doors_of(info).member(info.context.actor, wanted)


async def _links(info: Info, contact: UUID) -> int:
    columns = model.Interlocutor
    current = select(func.count()).where(columns.contact_id == contact, columns.ended_at.is_(None))
    return int(await info.context.read.scalar(current) or 0)


async def _known(info: Info, there: Actor, addresses: list[str]) -> list[str]:
    columns = model.ContactEmail
    same = select(columns.contact_id).where(func.lower(columns.address).in_(addresses))
    alive = select(model.Contact.given_name, model.Contact.family_name).where(
        model.Contact.id.in_(same), model.Contact.deleted_at.is_(None)
    )
    await info.context.read.release()
    async with info.context.database.read(there.organization) as read:
        found = await read.rows(alive.order_by(model.Contact.id).limit(10))
    return [" ".join(part for part in row if part) for row in found]
