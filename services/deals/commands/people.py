"""Who takes part in a deal, and who follows it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.commands.deals import changed
from services.deals.commands.locking import locked
from services.deals.model import Deal, Follower, Participant
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A collaborator and the deal to follow, or to follow no longer."""

    deal: UUID
    collaborator: UUID

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [Reference("collaborator", self.collaborator, "collaboratorId")]


async def follow_deal(work: UnitOfWork, order: Following) -> UUID:
    """Follow a deal; twice is once. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    statement = (
        insert(Follower)
        .values(deal_id=deal.id, collaborator_id=order.collaborator, organization_id=work.organization, since=work.now)
        .on_conflict_do_nothing()
        .returning(Follower.deal_id)
    )
    if await work.session.scalar(statement) is not None:
        await changed(work, deal, "follower_added", {"follower_id": (None, order.collaborator)})
    return deal.id


async def unfollow_deal(work: UnitOfWork, order: Following) -> UUID:
    """Follow a deal no longer. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    statement = (
        delete(Follower)
        .where(Follower.deal_id == deal.id, Follower.collaborator_id == order.collaborator)
        .returning(Follower.deal_id)
    )
    if await work.session.scalar(statement) is not None:
        await changed(work, deal, "follower_removed", {"follower_id": (order.collaborator, None)})
    return deal.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """A contact, and the part it plays in a deal."""

    deal: UUID
    contact: UUID
    part: str

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [Reference("contact", self.contact, "contactId")]


async def add_participant(work: UnitOfWork, order: Participation) -> UUID:
    """Include a contact in a deal, or change its part. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    present = await work.session.get(Participant, (deal.id, order.contact))
    before = present.part if present else None
    if before == order.part:
        return deal.id
    if present is None:
        present = Participant(deal_id=deal.id, contact_id=order.contact, organization_id=work.organization)
        work.session.add(present)
    present.part = order.part
    changes = {"contact_id": (None if before else order.contact, order.contact), "part": (before, order.part)}
    await changed(work, deal, "participant_changed" if before else "participant_added", changes)
    return deal.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A contact that leaves a deal; it may have been deleted since."""

    deal: UUID
    contact: UUID
    references: tuple[Reference, ...] = ()


async def remove_participant(work: UnitOfWork, order: Removal) -> UUID:
    """Leave a contact out of a deal from now on. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    present = await work.session.get(Participant, (deal.id, order.contact))
    if present is not None:
        # Told while the contact is still one of the deal's: its own timeline has the fact too.
        changes = {"contact_id": (order.contact, None), "part": (present.part, None)}
        await changed(work, deal, "participant_removed", changes)
        await work.session.delete(present)
    return deal.id
