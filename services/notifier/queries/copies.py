"""What the notifier keeps of collaborators, contacts, teams and organizations, and who asks."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, any_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from chassis.admission import Known
from chassis.arrays import one_of
from chassis.auth import Actor, Role
from chassis.database import ReadSession
from chassis.plans import Standing
from chassis.sharing import Sharing, portfolio_of
from services.notifier.model import GROUPS, Account, Collaborator, Contact, Organization, Team

Reader = AsyncSession | AsyncConnection

Found = Row[*tuple[Any, ...]]


async def caller(read: ReadSession, actor: Actor) -> Known:
    """What is known of a caller and of their organization's plan."""
    columns = (Organization.plan, Organization.trial_ends_at, Organization.subscribed)
    same = (Collaborator.organization_id == Organization.id) & (Collaborator.id == actor.collaborator)
    shared = (Organization.sharing, _mates(actor.collaborator).label("mates"))
    statement = select(*columns, *shared, Collaborator.role, Collaborator.disabled).outerjoin(Collaborator, same)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    standing = Standing.of(found.plan, found.trial_ends_at, found.subscribed)
    role = Role(found.role) if found.role else None
    return Known(bool(found.disabled), role, standing, found.sharing, found.mates)


async def portfolio(reader: Reader, organization: UUID, collaborator: UUID) -> tuple[UUID, ...] | None:
    """The collaborators whose portfolios one of them sees; None for everything."""
    same = (Collaborator.organization_id == Organization.id) & (Collaborator.id == collaborator)
    statement = select(Organization.sharing, _mates(collaborator).label("mates"), Collaborator.role)
    found = (await reader.execute(statement.join(Collaborator, same).where(Organization.id == organization))).first()
    return portfolio_of(found.sharing, Role(found.role), collaborator, found.mates) if found else None


def seen_contacts() -> Select[Any]:
    """The contacts that the transaction's portfolio shows."""
    return select(func.portfolio_contacts())


def _mates(collaborator: UUID | None) -> ColumnElement[Any]:
    """Who is in a team with a collaborator; read only where teams share their portfolios."""
    mine = (literal(collaborator) == any_(Team.members), Team.deleted.is_(False))
    members = select(func.unnest(Team.members).label("id")).where(*mine).subquery()
    together = select(func.array_agg(members.c.id.distinct())).scalar_subquery()
    return case((Organization.sharing == Sharing.TEAM_PORTFOLIO.value, together))


async def organization(reader: Reader, id: UUID) -> Found | None:
    """Name, language and time zone of a tenant."""
    statement = select(Organization.name, Organization.locale, Organization.time_zone).where(Organization.id == id)
    return (await reader.execute(statement)).first()


async def collaborators(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The copies that are here, by id."""
    statement = select(
        Collaborator.id,
        Collaborator.name,
        Collaborator.email,
        Collaborator.role,
        Collaborator.department,
        Collaborator.locale,
        Collaborator.time_zone,
        Collaborator.disabled,
    ).where(Collaborator.organization_id == organization, one_of(Collaborator.id, ids))
    return {row.id: row for row in await reader.execute(statement)}


async def members_of_teams(reader: Reader, organization: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Everybody who is in one of these teams, each once; a deleted team has nobody."""
    chosen = Team.organization_id == organization, Team.id.in_(ids), ~Team.deleted
    return set(await reader.scalars(select(func.unnest(Team.members)).where(*chosen)))


def members_of_groups(ids: Collection[UUID]) -> Select[Any]:
    """Contacts who are in one of these groups, each once, in order; a deleted group has nobody."""
    member, group = GROUPS.members.c, GROUPS.sets.c
    chosen = select(member.member_id.label("contact_id")).join(GROUPS.sets, group.id == member.set_id).distinct()
    return chosen.where(group.id.in_(ids), ~group.deleted, member.present).order_by(member.member_id)


async def admins(reader: Reader, organization: UUID) -> Sequence[UUID]:
    """Administrators who are not disabled."""
    statement = select(Collaborator.id).where(
        Collaborator.organization_id == organization, Collaborator.role == "ADMIN", Collaborator.disabled.is_(False)
    )
    return (await reader.execute(statement.order_by(Collaborator.id))).scalars().all()


async def relations(
    reader: Reader, copy: type[Contact] | type[Account], organization: UUID, ids: Sequence[UUID]
) -> dict[UUID, Found]:
    """Relationship managers of contacts or accounts, and what these became part of, by id."""
    columns: tuple[Any, ...] = (copy.id, copy.relationship_manager_id, copy.merged_into_id)
    statement = select(*columns).where(copy.organization_id == organization, one_of(copy.id, ids))
    return {row.id: row for row in await reader.execute(statement)}


async def known_contacts(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The addresses of contacts' copies, and what they are part of, by id; locked."""
    statement = select(Contact.id, Contact.email, Contact.merged_into_id).where(
        Contact.organization_id == organization, one_of(Contact.id, ids)
    )
    return {row.id: row for row in await reader.execute(statement.order_by(Contact.id).with_for_update())}


async def contacts(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The copies that are here, by id."""
    statement = select(Contact.id, Contact.name, Contact.email, Contact.deleted).where(
        Contact.organization_id == organization, one_of(Contact.id, ids)
    )
    return {row.id: row for row in await reader.execute(statement)}
