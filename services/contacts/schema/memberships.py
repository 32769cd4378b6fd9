"""The caller as a person: the organizations they can enter, going from one to another, what they say of themselves."""

from datetime import datetime
from typing import Annotated, Any, Self, cast
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import WrongState
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.contacts import queries, values
from services.contacts.commands import collaborators
from services.contacts.doors.sessions import Doors
from services.contacts.doors.sessions import Session as Entered
from services.contacts.permissions import Rule
from services.contacts.schema.enums import Role
from services.contacts.schema.organizations import Collaborator, CollaboratorResult
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Write, field, given, once, parsed, required


@strawberry.type(description="An organization that you can enter. Only you are told.")
class Membership:
    """A row of people.memberships."""

    organization_id: strawberry.ID = strawberry.field(description="Give it to `switchOrganization`.")
    organization_name: str = strawberry.field(description="What the organization is called.")
    collaborator_id: strawberry.ID = strawberry.field(description="Who you are there.")
    email: str = strawberry.field(description="The address that you sign in with there.")
    role: Role = strawberry.field(description="What you may do there.")
    is_current: bool = strawberry.field(description="Whether your token is for this one.")

    @classmethod
    def of(cls, row: Row[Any], current: UUID | None) -> Self:
        """Beside the organization that the token is for."""
        return cls(
            organization_id=strawberry.ID(format_id("organization", row.organization_id)),
            organization_name=row.organization_name,
            collaborator_id=strawberry.ID(format_id("collaborator", row.id)),
            email=row.email,
            role=row.role,
            is_current=row.organization_id == current,
        )


@strawberry.type(description="A token, and what it is for.")
class Session:
    """See doors.sessions.Session."""

    access_token: str = strawberry.field(description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime = strawberry.field(description="Until when; switching to the same organization renews it.")
    membership: Membership = strawberry.field(description="Where it is for.")

    @classmethod
    def of(cls, entered: Entered) -> Self:
        """Of one that has a membership."""
        if entered.current is None or entered.token is None:
            raise RuntimeError("entered nowhere")
        membership = Membership.of(entered.current, entered.current.organization_id)
        return cls(access_token=entered.token, expires_at=entered.expires_at, membership=membership)


SessionResult = Annotated[
    Session | CommonErrors, strawberry.union("SessionResult", description="The token, or why there is none.")
]


@strawberry.input(description="Where to go.")
class SwitchOrganizationInput:
    """Gives a token and writes nothing, so it needs no idempotency key."""

    organization_id: strawberry.ID = strawberry.field(description="One of `myMemberships`.")


@strawberry.input(description="The invitation of a link, accepted by somebody who is signed in: both are one person.")
class AcceptInvitationInput:
    """A link opens once, so it needs no idempotency key."""

    token: str = strawberry.field(description="The last part of the link's address.")
    name: str | None = field("Your full name; the invitation's without it.")
    locale: str | None = field("Your language: fr or en.")
    time_zone: str | None = field("Your time zone, an IANA name.")


@strawberry.input(description="What to change of yourself; what is absent stays, null takes away.")
class UpdateMeInput(Write):
    """See commands.update_collaborator. The address to sign in with is the administrators' to change."""

    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the update is refused if there is a newer one."
    )
    name: str | None = field("Full name.")
    department: str | None = field("Accounting, legal, payroll, sales…")
    locale: str | None = field("Your language, in which mails are written: fr or en.")
    time_zone: str | None = field("Your time zone, an IANA name.")


@strawberry.type
class MembershipQueries:
    """Fields of Query."""

    @strawberry.field(
        description="The organizations that you can enter; needs a token of signing in.", extensions=reading()
    )
    async def my_memberships(self, info: Info) -> list[Membership]:
        """For the caller alone."""
        found = await doors_of(info).memberships(info.context.actor)
        return [Membership.of(row, info.context.actor.organization) for row in found]


@strawberry.type
class MembershipMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="A token for another of your organizations, or a new one for this.",
        extensions=writing(Rule.CHANGE_ONESELF),
    )
    async def switch_organization(
        self, info: Info, input: Annotated[SwitchOrganizationInput, strawberry.argument(description="Where to.")]
    ) -> SessionResult:
        """See doors.sessions.Doors.switched."""
        organization = parse_id("organization", input.organization_id, "organizationId")
        await info.context.read.release()
        return Session.of(await doors_of(info).switched(info.context.actor, organization))

    @strawberry.mutation(
        description="Accept an invitation mailed to another of your addresses; gives a token for that organization.",
        extensions=writing(Rule.CHANGE_ONESELF),
    )
    async def accept_invitation(
        self, info: Info, input: Annotated[AcceptInvitationInput, strawberry.argument(description="Which.")]
    ) -> SessionResult:
        """See doors.sessions.Doors.accepted."""
        profile = given(
            name=required(input.name, text.line, "name"),
            locale=required(input.locale, values.parse_locale, "locale"),
            time_zone=required(input.time_zone, values.parse_time_zone, "timeZone"),
        )
        await info.context.read.release()
        return Session.of(await doors_of(info).accepted(input.token, info.context.actor, **profile))

    @strawberry.mutation(
        description="Change what you say of yourself: name, department, language, time zone.",
        extensions=writing(Rule.CHANGE_ONESELF),
    )
    async def update_me(
        self, info: Info, input: Annotated[UpdateMeInput, strawberry.argument(description="What to change.")]
    ) -> CollaboratorResult:
        """See commands.update_collaborator."""

        async def act(work: UnitOfWork) -> UUID:
            told = given(
                name=required(input.name, text.line, "name"),
                department=parsed(input.department, text.optional_line, "department"),
                locale=required(input.locale, values.parse_locale, "locale"),
                time_zone=required(input.time_zone, values.parse_time_zone, "timeZone"),
            )
            me = cast("UUID", info.context.actor.collaborator)
            written = cast("collaborators.CollaboratorValues", told)
            return await collaborators.update_collaborator(work, me, written, None, input.expected_version)

        return Collaborator.of(await info.context.load(queries.collaborators, await once(info, input, act)))


def doors_of(info: Info) -> Doors:
    """How people come in. Raises WrongState where there is no key for it."""
    doors: Doors | None = info.context.tools.doors
    if doors is None:
        raise WrongState("Nobody signs in here by links: an operator sets LIANT_CONTACTS_LINKS_KEY_FILE.")
    return doors
