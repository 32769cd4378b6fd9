"""Following organizations for their publications."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select
from strawberry import UNSET

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import Clauses, StringFilter, on_text
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Direction, Nulls
from chassis.identifiers import format_id, parse_id
from services.contacts import model
from services.contacts.commands import following as commands
from services.contacts.permissions import Rule
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Write, once

_ROWS = select(model.Following.followed_id, model.Following.name, model.Following.since)


class FollowingOrderField(StrEnum):
    """See _COLUMNS."""

    NAME = "name"
    SINCE = "since"


described(FollowingOrderField, "What followed organizations can be ordered by.", NAME="Its name.", SINCE="Since when.")
_COLUMNS: Columns = {
    FollowingOrderField.NAME: (model.Following.name, False),
    FollowingOrderField.SINCE: (model.Following.since, False),
}


@strawberry.type(description="An organization that yours follows.")
class FollowedOrganization:
    """A row of model.Following."""

    organization_id: strawberry.ID = strawberry.field(description="Whose publications you read.")
    name: str = strawberry.field(description="What it was called when you began to follow it.")
    since: datetime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of _ROWS."""
        id = strawberry.ID(format_id("organization", row.followed_id))
        return cls(organization_id=id, name=row.name, since=row.since)


@strawberry.type(description="An organization that yours follows no longer.")
class Unfollowed:
    """What unfollowing gives."""

    organization_id: strawberry.ID = strawberry.field(description="Which.")


FollowResult = Annotated[
    FollowedOrganization | CommonErrors,
    strawberry.union("FollowResult", description="What you follow, or why you do not."),
]
UnfollowResult = Annotated[
    Unfollowed | CommonErrors, strawberry.union("UnfollowResult", description="What is followed no longer, or why not.")
]


@strawberry.input(description="One field of an order of followed organizations.")
class FollowingOrder:
    """See chassis.graphql.ordering."""

    field: FollowingOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")
    nulls: Nulls | None = strawberry.field(default=None, description="Where those without a value go.")


@strawberry.input(description="Which organization to follow.")
class FollowOrganizationInput(Write):
    """See commands.follow."""

    organization_id: strawberry.ID = strawberry.field(description="As its publications or cards give it.")


@strawberry.input(description="Which organization to follow no longer.")
class UnfollowOrganizationInput(Write):
    """See commands.unfollow."""

    organization_id: strawberry.ID = strawberry.field(description="One of `followedOrganizations`.")


@strawberry.input(description="Which followed organizations. All the conditions given must hold.")
class FollowingFilter:
    """See _where."""

    name: StringFilter | None = strawberry.field(default=UNSET, description="Its name.")


def _where(filter: FollowingFilter | None) -> Clauses:
    return on_text(model.Following.name, filter.name) if filter else []


FOLLOWED = Listing(_ROWS, model.Following.followed_id, FollowedOrganization.of, _where, _COLUMNS)


@strawberry.type
class FollowingQueries:
    """Fields of Query."""

    followed_organizations = list_field(
        lambda: FOLLOWED,
        FollowedOrganization,
        filter=FollowingFilter,
        order=FollowingOrder,
        description="Organizations that yours follows, a page at a time.",
        extensions=reading(),
    )


@strawberry.type
class FollowingMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Follow an organization, to read its publications; twice is once.",
        extensions=writing(Rule.FOLLOW_ORGANIZATIONS),
    )
    async def follow_organization(
        self, info: Info, input: Annotated[FollowOrganizationInput, strawberry.argument(description="Which.")]
    ) -> FollowResult:
        """See commands.follow."""
        wanted = parse_id("organization", input.organization_id, "organizationId")
        name = await _name(info, wanted)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.follow(work, wanted, name)

        followed = await once(info, input, act)
        [row] = await info.context.read.rows(_ROWS.where(model.Following.followed_id == followed))
        return FollowedOrganization.of(row)

    @strawberry.mutation(description="Follow an organization no longer.", extensions=writing(Rule.FOLLOW_ORGANIZATIONS))
    async def unfollow_organization(
        self, info: Info, input: Annotated[UnfollowOrganizationInput, strawberry.argument(description="Which.")]
    ) -> UnfollowResult:
        """See commands.unfollow."""
        wanted = parse_id("organization", input.organization_id, "organizationId")

        async def act(work: UnitOfWork) -> UUID:
            return await commands.unfollow(work, wanted)

        await once(info, input, act)
        return Unfollowed(organization_id=input.organization_id)


async def _name(info: Info, organization: UUID) -> str:
    """Of any organization: its name is on whatever it publishes. Raises NotFound."""
    columns = model.Organization
    async with info.context.tools.system.connect() as connection:
        name = await connection.scalar(select(columns.name).where(columns.id == organization))
    if name is None:
        raise NotFound("organization", organization, "organizationId")
    return str(name)
