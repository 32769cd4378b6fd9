"""Writing collaborators and the organization: input types, their parsing, the mutations."""

from typing import Annotated, cast
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.identifiers import parse_id
from services.contacts import queries, values
from services.contacts.commands import collaborators as commands
from services.contacts.commands import organizations
from services.contacts.permissions import Rule
from services.contacts.schema.enums import Role, Sharing
from services.contacts.schema.organizations import (
    Collaborator,
    CollaboratorResult,
    Organization,
    OrganizationResult,
)
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, required


@strawberry.input(description="Somebody who is given access.")
class CreateCollaboratorInput(Write):
    """See commands.create_collaborator."""

    name: str = strawberry.field(description="Full name.")
    email: str = strawberry.field(description="The address to sign in with, and to write to.")
    role: Role = strawberry.field(default=Role.COLLABORATOR, description="What they may do.")
    department: str | None = field("Accounting, legal, payroll, sales…")
    locale: str | None = field("Their language, fr or en; the organization's without it.")
    time_zone: str | None = field("Their time zone, an IANA name; the organization's without it.")


@strawberry.input(description="What to change of a collaborator; what is absent stays, null takes away.")
class UpdateCollaboratorInput(Update):
    """See commands.update_collaborator."""

    name: str | None = field("Full name.")
    email: str | None = field("The address to sign in with, and to write to.")
    role: Role | None = field("What they may do.")
    department: str | None = field("Accounting, legal, payroll, sales…")
    locale: str | None = field("Their language: fr or en.")
    time_zone: str | None = field("Their time zone, an IANA name.")
    disabled: bool | None = field("True withdraws access, false gives it back.")


@strawberry.input(description="What to change of your organization; what is absent stays.")
class UpdateOrganizationInput(Write):
    """See organizations.update_organization."""

    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the update is refused if there is a newer one."
    )
    name: str | None = field("What it is called.")
    locale: str | None = field("Its language: fr or en.")
    time_zone: str | None = field("Its time zone, an IANA name.")
    country: str | None = field("Its country (ISO 3166-1): FR.")
    sharing: Sharing | None = field("What its collaborators and readers see.")


def _values(input: CreateCollaboratorInput | UpdateCollaboratorInput) -> commands.CollaboratorValues:
    told = given(
        name=required(input.name, text.line, "name"),
        email=required(input.email, values.parse_email, "email"),
        role=required(input.role, lambda value, _: value, "role"),
        department=parsed(input.department, text.optional_line, "department"),
        locale=required(input.locale, values.parse_locale, "locale"),
        time_zone=required(input.time_zone, values.parse_time_zone, "timeZone"),
    )
    return cast("commands.CollaboratorValues", told)


@strawberry.type
class CollaboratorMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Give somebody access to your organization.", extensions=writing(Rule.INVITE_COLLABORATORS)
    )
    async def create_collaborator(
        self, info: Info, input: Annotated[CreateCollaboratorInput, strawberry.argument(description="Whom.")]
    ) -> CollaboratorResult:
        """See commands.create_collaborator."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.create_collaborator(work, _values(input))

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Change a collaborator, withdraw their access or give it back.",
        extensions=writing(Rule.MANAGE_COLLABORATORS),
    )
    async def update_collaborator(
        self, info: Info, input: Annotated[UpdateCollaboratorInput, strawberry.argument(description="What to change.")]
    ) -> CollaboratorResult:
        """See commands.update_collaborator."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("collaborator", input.id)
            disabled = input.disabled if isinstance(input.disabled, bool) else None
            return await commands.update_collaborator(work, id, _values(input), disabled, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change your organization.", extensions=writing(Rule.MANAGE_ORGANIZATION))
    async def update_organization(
        self, info: Info, input: Annotated[UpdateOrganizationInput, strawberry.argument(description="What to change.")]
    ) -> OrganizationResult:
        """See organizations.update_organization."""

        async def act(work: UnitOfWork) -> UUID:
            told = given(
                name=required(input.name, text.line, "name"),
                locale=required(input.locale, values.parse_locale, "locale"),
                time_zone=required(input.time_zone, values.parse_time_zone, "timeZone"),
                country=required(input.country, values.parse_country, "country"),
                sharing=required(input.sharing, lambda value, _: value, "sharing"),
            )
            told_values = cast("organizations.OrganizationValues", told)
            return await organizations.update_organization(work, told_values, input.expected_version)

        id = await once(info, input, act)
        return Organization.of(await info.context.load(queries.organizations, id))

    create_collaborators = batch_of(create_collaborator, "create_collaborators", "Give several people access.")
    update_collaborators = batch_of(update_collaborator, "update_collaborators", "Change collaborators.")


async def _shown(info: Info, id: UUID) -> Collaborator:
    return Collaborator.of(await info.context.load(queries.collaborators, id))
