"""What a collaborator wants to be told."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import Forbidden
from services.notifier.model import Category, Preference


async def set_preference(work: UnitOfWork, collaborator: UUID, category: Category, *, email: bool) -> None:
    """Want, or no longer want, a category of mail. Again changes nothing."""
    statement = insert(Preference).values(
        organization_id=work.organization,
        collaborator_id=collaborator,
        category=category.value,
        email=email,
        changed_at=work.now,
    )
    keys = ["organization_id", "collaborator_id", "category"]
    values = {"email": statement.excluded.email, "changed_at": statement.excluded.changed_at}
    await work.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


async def set_own_preference(work: UnitOfWork, category: Category, *, email: bool) -> UUID:
    """Say it for oneself. Raises Forbidden for the system, that is told nothing; gives who said it."""
    if work.actor.collaborator is None:
        raise Forbidden("choose for somebody else")
    await set_preference(work, work.actor.collaborator, category, email=email)
    return work.actor.collaborator
