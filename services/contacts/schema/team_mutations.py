"""Writing teams: input types, their parsing, the mutations."""

from collections.abc import Sequence
from typing import Annotated, cast
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import queries
from services.contacts.commands import teams as commands
from services.contacts.permissions import Rule
from services.contacts.schema.rules import writing
from services.contacts.schema.teams import TeamType
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id, required

MAX_AT_A_TIME = 200
_GIVEN = strawberry.argument(description="Which team, and what of it.")
TeamResult = Annotated[
    TeamType | CommonErrors, strawberry.union("TeamResult", description="The team, or why nothing was written.")
]


@strawberry.input(description="A new team.")
class CreateTeamInput(Write):
    """See commands.create_team."""

    name: str = strawberry.field(description="What it is called; no other team has this name.")
    description: str | None = field("What it is for.")
    lead_id: strawberry.ID | None = field("Who leads it: becomes a member, too.")
    member_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=f"Collaborators in it, at most {MAX_AT_A_TIME} at a time."
    )


@strawberry.input(description="What to change of a team; what is absent stays, null takes away.")
class UpdateTeamInput(Update):
    """See commands.update_team."""

    name: str | None = field("What it is called; no other team has this name.")
    description: str | None = field("What it is for.")
    lead_id: strawberry.ID | None = field("Who leads it: becomes a member, too.")


@strawberry.input(description="Collaborators to take into a team; who is in it stays.")
class AddTeamMembersInput(Update):
    """See commands.add_team_members."""

    member_ids: list[strawberry.ID] = strawberry.field(description=f"Collaborators, at most {MAX_AT_A_TIME} at a time.")


@strawberry.input(description="Collaborators to take out of a team.")
class RemoveTeamMembersInput(Update):
    """See commands.remove_team_members."""

    member_ids: list[strawberry.ID] = strawberry.field(
        description=f"Collaborators, at most {MAX_AT_A_TIME} at a time; who is not in it stays out."
    )


@strawberry.input(description="Which team to delete.")
class DeleteTeamInput(Update):
    """See commands.delete_team."""


@strawberry.input(description="Which team to restore.")
class RestoreTeamInput(Update):
    """See commands.restore_team."""


def _values(input: CreateTeamInput | UpdateTeamInput) -> commands.TeamValues:
    told = given(
        name=required(input.name, text.line, "name"),
        description=parsed(input.description, text.optional_note, "description"),
        lead_id=parsed_id(input.lead_id, "collaborator", "leadId"),
    )
    return cast("commands.TeamValues", told)


def _members(ids: Sequence[strawberry.ID]) -> list[UUID]:
    if len(ids) > MAX_AT_A_TIME:
        raise InvalidInput("memberIds", f"At most {MAX_AT_A_TIME} at a time.")
    return list(dict.fromkeys(parse_id("collaborator", id, f"memberIds.{place}") for place, id in enumerate(ids)))


@strawberry.type
class TeamMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Make a team of collaborators.", extensions=writing(Rule.MANAGE_TEAMS))
    async def create_team(self, info: Info, input: Annotated[CreateTeamInput, _GIVEN]) -> TeamResult:
        """See commands.create_team."""
        values, members = _values(input), _members(input.member_ids)
        return await _shown(info, await once(info, input, lambda work: commands.create_team(work, values, members)))

    @strawberry.mutation(description="Change a team.", extensions=writing(Rule.MANAGE_TEAMS))
    async def update_team(self, info: Info, input: Annotated[UpdateTeamInput, _GIVEN]) -> TeamResult:
        """See commands.update_team."""
        id, values = parse_id("team", input.id), _values(input)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.update_team(work, id, values, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take collaborators into a team.", extensions=writing(Rule.MANAGE_TEAMS))
    async def add_team_members(self, info: Info, input: Annotated[AddTeamMembersInput, _GIVEN]) -> TeamResult:
        """See commands.add_team_members."""
        id, members = parse_id("team", input.id), _members(input.member_ids)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.add_team_members(work, id, members, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take collaborators out of a team.", extensions=writing(Rule.MANAGE_TEAMS))
    async def remove_team_members(self, info: Info, input: Annotated[RemoveTeamMembersInput, _GIVEN]) -> TeamResult:
        """See commands.remove_team_members."""
        id, members = parse_id("team", input.id), _members(input.member_ids)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.remove_team_members(work, id, members, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Delete a team; it can be restored.", extensions=writing(Rule.MANAGE_TEAMS))
    async def delete_team(self, info: Info, input: Annotated[DeleteTeamInput, _GIVEN]) -> TeamResult:
        """See commands.delete_team."""
        id = parse_id("team", input.id)
        return await _shown(
            info, await once(info, input, lambda work: commands.delete_team(work, id, input.expected_version))
        )

    @strawberry.mutation(description="Take a deleted team back.", extensions=writing(Rule.MANAGE_TEAMS))
    async def restore_team(self, info: Info, input: Annotated[RestoreTeamInput, _GIVEN]) -> TeamResult:
        """See commands.restore_team."""
        id = parse_id("team", input.id)
        return await _shown(
            info, await once(info, input, lambda work: commands.restore_team(work, id, input.expected_version))
        )

    create_teams = batch_of(create_team, "create_teams", "Make teams.")
    update_teams = batch_of(update_team, "update_teams", "Change teams.")
    delete_teams = batch_of(delete_team, "delete_teams", "Delete teams; they can be restored.")
    restore_teams = batch_of(restore_team, "restore_teams", "Take deleted teams back.")


async def _shown(info: Info, id: UUID) -> TeamType:
    return TeamType.of(await info.context.load(queries.teams, id))
