"""Following an organization: its publications are read from then on."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.contacts.events import following_changed
from services.contacts.model import FOLLOWING_VERSION, Following


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
    await _tell(work)
    return organization


async def unfollow(work: UnitOfWork, organization: UUID) -> UUID:
    """Follow it no longer; again changes nothing."""
    await work.session.execute(delete(Following).where(Following.followed_id == organization))
    await _tell(work)
    return organization


async def _tell(work: UnitOfWork) -> None:
    """All that is followed, as of a version that grows: whoever follows at the same time waits, and tells of both."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"following {work.organization}", 0))
    await work.session.execute(select(lock))
    followed = select(Following.followed_id).where(Following.organization_id == work.organization)
    ids = (await work.session.execute(followed.order_by(Following.followed_id))).scalars().all()
    version: int = (await work.session.execute(select(FOLLOWING_VERSION.next_value()))).scalar_one()
    await work.emit(following_changed(work.organization, version, ids))
