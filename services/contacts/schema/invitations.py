"""Invitations: asking somebody in, and their coming."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self, cast
from uuid import UUID

import strawberry
from sqlalchemy import Row
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import Clauses, StringFilter, on_text
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Direction, Nulls
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries, values
from services.contacts.commands import invitations as commands
from services.contacts.permissions import Rule
from services.contacts.schema.contacts import Contact
from services.contacts.schema.enums import Role
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id, required


class InvitationState(StrEnum):
    """How far an invitation is."""

    OPEN = "OPEN"
    EXPIRED = "EXPIRED"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"


class InvitationOrderField(StrEnum):
    """See _COLUMNS."""

    CREATED_AT = "created_at"
    EXPIRES_AT = "expires_at"


described(
    InvitationState,
    "How far an invitation is.",
    OPEN="Its link opens.",
    EXPIRED="Its link opens no more; it can be sent again.",
    ACCEPTED="Whoever was invited is a collaborator.",
    REVOKED="It was taken back.",
)
described(
    InvitationOrderField,
    "What invitations can be ordered by.",
    CREATED_AT="When it was made.",
    EXPIRES_AT="When its link stops opening.",
)
_COLUMNS: Columns = {
    InvitationOrderField.CREATED_AT: (model.Invitation.created_at, False),
    InvitationOrderField.EXPIRES_AT: (model.Invitation.expires_at, False),
}


@strawberry.federation.type(keys=["id"], description="Somebody asked to become a collaborator.")
class Invitation:
    """See model.Invitation."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `invitation_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="Full name.")
    email: str = strawberry.field(description="Where the link goes, and the address to sign in with afterwards.")
    role: Role = strawberry.field(description="What they will be allowed to do.")
    department: str | None = strawberry.field(description="Accounting, legal, payroll, sales…")
    locale: str = strawberry.field(description="The language of the mail, and theirs: fr or en.")
    expires_at: datetime = strawberry.field(description="When its link stops opening.")
    accepted_at: datetime | None = strawberry.field(description="When it was accepted, if it was.")
    revoked_at: datetime | None = strawberry.field(description="When it was taken back, if it was.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(description="How far it is.")
    def state(self, info: Info) -> InvitationState:
        """By the clock."""
        if self.accepted_at or self.revoked_at:
            return InvitationState.ACCEPTED if self.accepted_at else InvitationState.REVOKED
        expired = self.expires_at <= info.context.database.clock()
        return InvitationState.EXPIRED if expired else InvitationState.OPEN

    @strawberry.field(description="The contact who is invited, if it is one.")
    async def contact(self, info: Info) -> Contact | None:
        """One statement for all."""
        return None if self.row.contact_id is None else await Contact.load(info, self.row.contact_id)

    @strawberry.field(description="Who invited them.")
    async def invited_by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.invited_by_id)

    @strawberry.field(description="Who they became, once they accepted.")
    async def collaborator(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.collaborator_id) if self.accepted_at else None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.INVITATION."""
        own = ("version", "name", "email", "role", "department", "locale", "expires_at", "accepted_at", "revoked_at")
        told = {name: row._mapping[name] for name in (*own, "created_at", "updated_at")}
        return cls(row=row, id=strawberry.ID(format_id("invitation", row.id)), **told)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await info.context.load(queries.invitations, parse_id("invitation", id))
        return cls.of(row) if row else None


InvitationResult = Annotated[
    Invitation | CommonErrors,
    strawberry.union("InvitationResult", description="The invitation, or why nothing was written."),
]


@strawberry.input(description="Which invitations. All the conditions given must hold.")
class InvitationFilter:
    """See _where."""

    email: StringFilter | None = strawberry.field(default=UNSET, description="The address.")
    open: bool | None = strawberry.field(
        default=UNSET, description="True for those neither accepted nor revoked, expired or not; false for the others."
    )


@strawberry.input(description="One field of an order of invitations.")
class InvitationOrder:
    """See chassis.graphql.ordering."""

    field: InvitationOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")
    nulls: Nulls | None = strawberry.field(default=None, description="Where those without a value go.")


def _where(filter: InvitationFilter | None) -> Clauses:
    if not filter:
        return []
    open_ones = model.Invitation.accepted_at.is_(None) & model.Invitation.revoked_at.is_(None)
    told = [open_ones if filter.open else ~open_ones] if isinstance(filter.open, bool) else []
    return [*on_text(model.Invitation.email, filter.email), *told]


INVITATIONS = Listing(queries.INVITATION, model.Invitation.id, Invitation.of, _where, _COLUMNS)


@strawberry.input(description="Whom to invite: somebody new, or one of your contacts.")
class InviteCollaboratorInput(Write):
    """See commands.invite."""

    contact_id: strawberry.ID | None = field("A contact to promote: they stay tied to the collaborator they become.")
    name: str | None = field("Full name; the contact's without it.")
    email: str | None = field("The address to sign in with; the contact's first one without it.")
    role: Role = strawberry.field(default=Role.COLLABORATOR, description="What they will be allowed to do.")
    department: str | None = field("Accounting, legal, payroll, sales…")
    locale: str | None = field("Their language, fr or en; the contact's or the organization's without it.")
    time_zone: str | None = field("Their time zone, an IANA name; the organization's without it.")


@strawberry.input(description="Which invitation to send again, with a new link; older links open no more.")
class ResendInvitationInput(Update):
    """See commands.resend."""


@strawberry.input(description="Which invitation to take back.")
class RevokeInvitationInput(Update):
    """See commands.revoke."""


@strawberry.type
class InvitationQueries:
    """Fields of Query."""

    invitations = list_field(
        lambda: INVITATIONS,
        Invitation,
        filter=InvitationFilter,
        order=InvitationOrder,
        description="Invitations, a page at a time.",
        extensions=reading(Rule.READ_INVITATIONS),
    )


@strawberry.type
class InvitationMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Ask somebody to become a collaborator, by an e-mail with a link that opens once.",
        extensions=writing(Rule.INVITE_COLLABORATORS),
    )
    async def invite_collaborator(
        self, info: Info, input: Annotated[InviteCollaboratorInput, strawberry.argument(description="Whom.")]
    ) -> InvitationResult:
        """See commands.invite."""

        async def act(work: UnitOfWork) -> UUID:
            contact = parsed_id(input.contact_id, "contact", "contactId") or None
            return await commands.invite(work, _values(input), contact, info.context.tools.invitation_days)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Send an invitation again, with a new link and a new term.",
        extensions=writing(Rule.INVITE_COLLABORATORS),
    )
    async def resend_invitation(
        self, info: Info, input: Annotated[ResendInvitationInput, strawberry.argument(description="Which.")]
    ) -> InvitationResult:
        """See commands.resend."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("invitation", input.id)
            return await commands.resend(work, id, input.expected_version, info.context.tools.invitation_days)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Take an invitation back: its link opens no more.", extensions=writing(Rule.MANAGE_COLLABORATORS)
    )
    async def revoke_invitation(
        self, info: Info, input: Annotated[RevokeInvitationInput, strawberry.argument(description="Which.")]
    ) -> InvitationResult:
        """See commands.revoke."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.revoke(work, parse_id("invitation", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))


def _values(input: InviteCollaboratorInput) -> commands.InvitationValues:
    told = given(
        name=required(input.name, text.line, "name"),
        email=required(input.email, values.parse_email, "email"),
        role=input.role,
        department=parsed(input.department, text.optional_line, "department"),
        locale=required(input.locale, values.parse_locale, "locale"),
        time_zone=required(input.time_zone, values.parse_time_zone, "timeZone"),
    )
    return cast("commands.InvitationValues", told)


async def _shown(info: Info, id: UUID) -> Invitation:
    return Invitation.of(await info.context.load(queries.invitations, id))
