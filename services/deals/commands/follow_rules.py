"""What collaborators choose to follow."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.identifiers import new_id
from services.deals.model import FollowRule
from services.deals.values.following import FollowKind
from services.deals.values.money import Money
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a collaborator wants to follow; a floor for ABOVE_AMOUNT."""

    collaborator: UUID
    kind: FollowKind
    floor: Money | None = None
    references: tuple[Reference, ...] = ()


async def choose_to_follow(work: UnitOfWork, order: Choice) -> UUID:
    """Follow every deal of a kind from now on; chosen again, the floor becomes the new one."""
    statement = insert(FollowRule).values(
        id=new_id(),
        organization_id=work.organization,
        collaborator_id=order.collaborator,
        kind=order.kind.value,
        amount=order.floor.amount if order.floor else None,
        currency=order.floor.currency if order.floor else "",
        created_at=work.now,
    )
    index = ["organization_id", "collaborator_id", "kind", "currency"]
    again = statement.on_conflict_do_update(index_elements=index, set_={"amount": statement.excluded.amount})
    return (await work.session.execute(again.returning(FollowRule.id))).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropping:
    """A rule of a collaborator that is no more."""

    id: UUID
    collaborator: UUID
    references: tuple[Reference, ...] = ()


async def drop_follow_rule(work: UnitOfWork, order: Dropping) -> UUID:
    """Follow those deals no longer. Raises NotFound, also for a rule of somebody else. Gives its id."""
    mine = FollowRule.id == order.id, FollowRule.collaborator_id == order.collaborator
    gone: UUID | None = await work.session.scalar(delete(FollowRule).where(*mine).returning(FollowRule.id))
    if gone is None:
        raise NotFound("follow_rule", order.id)
    return gone
