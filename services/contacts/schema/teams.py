"""Team, and what it adds to a collaborator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.database import ReadSession
from chassis.graphql.connections import After, Before, Connection, First, Last, Order, Paging, first_pages, page
from chassis.graphql.context import Info
from chassis.graphql.ordering import orders
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.schema.lists import TeamFilter, on_teams
from services.contacts.schema.orders import TEAM_COLUMNS, TeamOrder
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading

_FILTER = strawberry.argument(name="filter", description="Which ones; all without it.")
_ORDER = strawberry.argument(description="In which order; oldest first without it.")
_MEMBERS = queries.COLLABORATOR.join(model.TeamMember, model.TeamMember.collaborator_id == model.Collaborator.id)
_BY_NAME = (Order(model.Collaborator.name_sort), Order(model.Collaborator.id))


@dataclass(frozen=True)
class _FirstMembers:
    """Gathers the teams that show the same page of their members."""

    paging: Paging

    async def __call__(self, read: ReadSession, ids: Sequence[UUID]) -> Sequence[Connection[Collaborator]]:
        team: Any = model.TeamMember.team_id
        return await first_pages(read, _MEMBERS, team, ids, _BY_NAME, self.paging, Collaborator.of)


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

    @strawberry.field(description="Who is in it, by name.")
    async def members(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Collaborator]:
        """By keyset; one statement for the first pages of all the teams of an answer."""
        paging = Paging.parse(first, after, last, before)
        if paging.cursor is None:
            connection: Connection[Collaborator] = await info.context.load(_FirstMembers(paging), self.key)
            return connection
        mine = _MEMBERS.where(model.TeamMember.team_id == self.key)
        return await page(info.context.read, mine, _BY_NAME, paging, Collaborator.of)

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
        return await cls.load(info, parse_id("team", id))

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.teams, id)
        return cls.of(row) if row else None


@strawberry.type
class TeamQueries:
    """Fields of Query."""

    @strawberry.field(description="One team, deleted or not; null if there is none.", extensions=reading())
    async def team(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> TeamType | None:
        """By id."""
        return await TeamType.load(info, parse_id("team", id))

    @strawberry.field(description="Teams, a page at a time.", extensions=reading())
    async def teams(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[TeamFilter | None, _FILTER] = None,
        order_by: Annotated[list[TeamOrder] | None, _ORDER] = None,
    ) -> Connection[TeamType]:
        """By keyset."""
        order = orders(order_by, TEAM_COLUMNS, model.Team.id)
        paging = Paging.parse(first, after, last, before)
        return await page(info.context.read, queries.TEAM.where(*on_teams(filter_)), order, paging, TeamType.of)
