"""Organizations, who works in them, who is invited, and teams."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import aliased

from chassis.admission import Known
from chassis.auth import Actor
from chassis.database import ReadSession
from chassis.plans import Standing
from chassis.sharing import Sharing
from services.contacts.model import (
    Collaborator,
    Invitation,
    Organization,
    PlanChange,
    Team,
    TeamMember,
)
from services.contacts.queries.rows import Rows, rows_of_each

ORGANIZATION = select(
    Organization.id,
    Organization.version,
    Organization.name,
    Organization.locale,
    Organization.time_zone,
    Organization.country,
    Organization.sharing,
    Organization.plan,
    Organization.trial_ends_at,
    Organization.subscribed_at,
    Organization.created_at,
    Organization.updated_at,
)

COLLABORATOR = select(
    Collaborator.id,
    Collaborator.version,
    Collaborator.name,
    Collaborator.email,
    Collaborator.role,
    Collaborator.department,
    Collaborator.locale,
    Collaborator.time_zone,
    Collaborator.disabled_at,
    Collaborator.contact_id,
    Collaborator.created_at,
    Collaborator.updated_at,
)

INVITATION = select(
    Invitation.id,
    Invitation.version,
    Invitation.name,
    Invitation.email,
    Invitation.role,
    Invitation.department,
    Invitation.locale,
    Invitation.time_zone,
    Invitation.collaborator_id,
    Invitation.contact_id,
    Invitation.invited_by_id,
    Invitation.expires_at,
    Invitation.accepted_at,
    Invitation.revoked_at,
    Invitation.created_at,
    Invitation.updated_at,
)

TEAM = select(
    Team.id,
    Team.version,
    Team.name,
    Team.description,
    Team.lead_id,
    Team.created_at,
    Team.updated_at,
    Team.deleted_at,
)


async def caller(read: ReadSession, actor: Actor) -> Known:
    """What is known of a caller: this service is where it is decided."""
    columns = (Organization.plan, Organization.trial_ends_at, Organization.subscribed_at)
    person = (Collaborator.role, Collaborator.disabled_at)
    shared = (Organization.sharing, _mates(actor.collaborator).label("mates"))
    statement = select(*columns, *person, *shared).outerjoin(Collaborator, Collaborator.id == actor.collaborator)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    standing = Standing(found.plan, found.trial_ends_at, found.subscribed_at is not None)
    return Known(found.disabled_at is not None, found.role, standing, found.sharing, found.mates)


def _mates(collaborator: UUID | None) -> ColumnElement[Any]:
    """Who is in a team with a collaborator; read only where teams share their portfolios."""
    mine, mate = aliased(TeamMember), aliased(TeamMember)
    alive = (Team.id == mine.team_id, Team.deleted_at.is_(None))
    together = select(func.array_agg(mate.collaborator_id.distinct())).where(
        mine.collaborator_id == collaborator, mate.team_id == mine.team_id, *alive
    )
    return case((Organization.sharing == Sharing.TEAM_PORTFOLIO, together.scalar_subquery()))


async def collaborators_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Who of the contacts is, or was, a collaborator."""
    return await read.by_key(COLLABORATOR, Collaborator.contact_id, ids)


async def invitations(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Invitations by id."""
    return await read.by_key(INVITATION, Invitation.id, ids)


async def plan_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """What became of organizations' plans, oldest first."""
    columns = (PlanChange.organization_id, PlanChange.id, PlanChange.at, PlanChange.step, PlanChange.plan)
    more = (PlanChange.trial_ends_at, PlanChange.subscribed, PlanChange.by_id, PlanChange.operator, PlanChange.note)
    statement = select(*columns, *more).order_by(PlanChange.at, PlanChange.id)
    return await rows_of_each(read, statement, PlanChange.organization_id, ids)


async def organizations(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Organizations by id: the caller's own, and None for any other."""
    return await read.by_key(ORGANIZATION, Organization.id, ids)


async def collaborators(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Collaborators by id."""
    return await read.by_key(COLLABORATOR, Collaborator.id, ids)


async def teams(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Teams by id, deleted ones included."""
    return await read.by_key(TEAM, Team.id, ids)


async def team_sizes(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many members teams have."""
    counted = select(TeamMember.team_id, func.count().label("members")).group_by(TeamMember.team_id)
    found = {row.team_id: row.members for row in await read.rows(counted.where(TeamMember.team_id.in_(ids)))}
    return [found.get(id, 0) for id in ids]


async def teams_of_collaborators(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The teams that collaborators are in, by name."""
    statement = TEAM.add_columns(TeamMember.collaborator_id).join(TeamMember, TeamMember.team_id == Team.id)
    alive = statement.where(Team.deleted_at.is_(None)).order_by(Team.name_sort, Team.id)
    return await rows_of_each(read, alive, TeamMember.collaborator_id, ids)
