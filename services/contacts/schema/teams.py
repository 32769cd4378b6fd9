"""Team, and what it adds to a collaborator."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import Listing, Within, list_field
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.schema.lists import CollaboratorFilter, TeamFilter, on_collaborators, on_teams
from services.contacts.schema.orders import COLLABORATOR_COLUMNS, TEAM_COLUMNS, CollaboratorOrder, TeamOrder
from services.contacts.schema.organizations import COLLABORATOR_NEEDS, Collaborator
from services.contacts.schema.rules import reading

_MEMBERS = queries.COLLABORATOR.join(model.TeamMember, model.TeamMember.collaborator_id == model.Collaborator.id)
COLLABORATORS = Listing(
    queries.COLLABORATOR,
    model.Collaborator.id,
    Collaborator.of,
    on_collaborators,
    COLLABORATOR_COLUMNS,
    (Order(model.Collaborator.name_sort), Order(model.Collaborator.id)),
    COLLABORATOR_NEEDS,
)


@strawberry.federation.type(name="Team", keys=["id"], description="A set of collaborators: by region, product, goal…")
class TeamType:
    """See model.Team."""

    key: strawberry.Private[UUID]
    lead_id: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `team_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What it is for.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="Who leads it, if anybody does: one of its members.")
    async def lead(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.lead_id)

    @strawberry.field(description="How many members it has, disabled ones included.")
    async def member_count(self, info: Info) -> int:
        """One statement for all."""
        return int(await info.context.load(queries.team_sizes, self.key))

    members = list_field(
        lambda: COLLABORATORS,
        Collaborator,
        filter=CollaboratorFilter,
        order=CollaboratorOrder,
        within=Within(model.TeamMember.team_id, statement=_MEMBERS),
        description="Who is in it; by name unless ordered otherwise.",
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.TEAM."""
        return cls(
            key=row.id,
            id=strawberry.ID(format_id("team", row.id)),
            version=row.version,
            name=row.name,
            description=row.description,
            lead_id=row.lead_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("team", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.teams, id)
        return cls.of(row) if row else None


_NEEDS: Needs = {"lead": ("lead_id",), **dict.fromkeys(("memberCount", "members"), ())}
_ENTITIES = Entities("Team", queries.TEAM, model.Team.id, _NEEDS)
TEAMS = Listing(queries.TEAM, model.Team.id, TeamType.of, on_teams, TEAM_COLUMNS, needs=_NEEDS)


@strawberry.type
class TeamQueries:
    """Fields of Query."""

    @strawberry.field(description="One team, deleted or not; null if there is none.", extensions=reading())
    async def team(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> TeamType | None:
        """By id."""
        return await TeamType.load(info, parse_id("team", id))

    teams = list_field(
        lambda: TEAMS,
        TeamType,
        filter=TeamFilter,
        order=TeamOrder,
        description="Teams, a page at a time.",
        extensions=reading(),
    )
