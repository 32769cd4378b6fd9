"""Following an organization: its publications are read from then on."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.contacts.model import Following


async def follow(work: UnitOfWork, organization: UUID, name: str) -> UUID:
    """Follow an organization, under the name it has now; twice is once. Raises InvalidInput."""
    if organization == work.organization:
        raise InvalidInput("organizationId", "It is your own organization: choose another.")
    statement = insert(Following).values(
        organization_id=work.organization,
        followed_id=organization,
        id=new_id(),
        name=name,
        since=work.now,
        by_id=work.actor.collaborator,
    )
    await work.session.execute(statement.on_conflict_do_nothing(index_elements=["organization_id", "followed_id"]))
    return organization


async def unfollow(work: UnitOfWork, organization: UUID) -> UUID:
    """Follow it no longer; again changes nothing."""
    await work.session.execute(delete(Following).where(Following.followed_id == organization))
    return organization
