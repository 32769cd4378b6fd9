"""Sets of collaborators."""

from collections.abc import Collection, Sequence
from typing import TypedDict
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.contacts import events
from services.contacts.commands.loading import locked, locked_alive
from services.contacts.errors import LeadIsMember
from services.contacts.model import Collaborator, Team, TeamMember

# A team's message tells all its members: so many ids are far below what the broker takes.
MAX_MEMBERS = 5_000


class TeamValues(TypedDict, total=False):
    """Parsed values of a team; what is absent stays as it is."""

    name: str
    description: str | None
    lead_id: UUID | None


async def create_team(work: UnitOfWork, values: TeamValues, members: Sequence[UUID]) -> UUID:
    """Make a team of collaborators; who leads it is one of them. Raises NotFound, InvalidInput, AlreadyExists."""
    team = Team(
        **values,
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    await _check_active(work, [values.get("lead_id")], "leadId")
    await _check_active(work, members, "memberIds")
    work.session.add(team)
    await work.session.flush()
    await _add(work, team, members)
    await _tell(work, team)
    return team.id


async def update_team(work: UnitOfWork, id: UUID, values: TeamValues, expected: int | None) -> UUID:
    """Change what a team is called, or who leads it. Raises NotFound, WrongState, VersionConflict, AlreadyExists."""
    team = await locked_alive(work, Team, id)
    if values.get("lead_id") != team.lead_id:
        await _check_active(work, [values.get("lead_id")], "leadId")
    team.change(expected, work.now, {**values})
    await _add(work, team, [])
    await _tell(work, team)
    return id


async def add_team_members(work: UnitOfWork, id: UUID, members: Sequence[UUID], expected: int | None) -> UUID:
    """Take collaborators in; who is in it stays. Raises NotFound, WrongState, InvalidInput, VersionConflict."""
    team = await locked_alive(work, Team, id)
    await _check_active(work, members, "memberIds")
    team.change(expected, work.now, {})
    await _add(work, team, members)
    await _tell(work, team)
    return id


async def remove_team_members(work: UnitOfWork, id: UUID, members: Sequence[UUID], expected: int | None) -> UUID:
    """Take collaborators out of a team. Raises NotFound, WrongState, VersionConflict, LeadIsMember."""
    team = await locked_alive(work, Team, id)
    if team.lead_id in members:
        raise LeadIsMember
    team.change(expected, work.now, {})
    chosen = TeamMember.team_id == id, TeamMember.collaborator_id.in_(members)
    await work.session.execute(delete(TeamMember).where(*chosen))
    await _tell(work, team)
    return id


async def delete_team(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a team out of every list; it can be restored. Raises NotFound, WrongState, VersionConflict."""
    team = await locked(work, Team, id)
    team.delete(expected, work.now)
    await _tell(work, team)
    return id


async def restore_team(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a deleted team back. Raises NotFound, WrongState, VersionConflict, AlreadyExists."""
    team = await locked(work, Team, id)
    team.restore(expected, work.now)
    await _tell(work, team)
    return id


async def _add(work: UnitOfWork, team: Team, members: Collection[UUID]) -> None:
    chosen = dict.fromkeys([*members, *([team.lead_id] if team.lead_id else [])])
    if not chosen:
        return
    own = {"organization_id": work.organization, "team_id": team.id, "since": work.now}
    rows = [{**own, "collaborator_id": id} for id in chosen]
    await work.session.execute(insert(TeamMember).on_conflict_do_nothing(), rows)
    many = await work.session.scalar(select(func.count()).where(TeamMember.team_id == team.id))
    if (many or 0) > MAX_MEMBERS:
        raise InvalidInput("memberIds", f"A team has at most {MAX_MEMBERS} members.")


async def _tell(work: UnitOfWork, team: Team) -> None:
    await work.session.flush()
    statement = select(TeamMember.collaborator_id).where(TeamMember.team_id == team.id)
    members = await work.session.scalars(statement.order_by(TeamMember.collaborator_id))
    await work.emit(events.team_changed(team, members.all()))


async def _check_active(work: UnitOfWork, ids: Collection[UUID | None], field: str) -> None:
    wanted = {id for id in ids if id is not None}
    statement = select(Collaborator.id, Collaborator.disabled_at).where(Collaborator.id.in_(wanted))
    found = {row.id: row.disabled_at for row in await work.session.execute(statement)}
    for id in sorted(wanted):
        if id not in found:
            raise NotFound("collaborator", id, field)
        if found[id] is not None:
            raise InvalidInput(field, "This collaborator is disabled: choose another.")
