"""Who takes part in a deal, and who follows it."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.deals import changed
from services.deals.commands.history import subject_of
from services.deals.commands.locking import locked
from services.deals.model import Base, Deal, Participant, Unfollowed
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A collaborator, or a team, and the deal to follow, or to follow no longer."""

    deal: UUID
    who: UUID
    kind: Literal["collaborator", "team"] = "collaborator"

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [Reference(self.kind, self.who, f"{self.kind}Id")]

    @property
    def table(self) -> Table:
        """Where it is kept."""
        return Base.metadata.tables["follower" if self.kind == "collaborator" else "follower_team"]

    @property
    def refusal(self) -> tuple[ColumnElement[bool], ...]:
        """Their word that they do not want to be told."""
        return Unfollowed.deal_id == self.deal, Unfollowed.collaborator_id == self.who

    def told(self, before: UUID | None, after: UUID | None) -> dict[str, tuple[UUID | None, UUID | None]]:
        """What the fact says."""
        return {"follower_id" if self.kind == "collaborator" else "team_id": (before, after)}


class Unfollowing(Following):
    """Whoever is disabled or deleted can still be taken off."""

    @property
    def references(self) -> list[Reference]:
        """Nothing need be there."""
        return []


async def follow_deal(work: UnitOfWork, order: Following) -> UUID:
    """Follow a deal; twice is once. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    row = {"deal_id": deal.id, f"{order.kind}_id": order.who, "organization_id": work.organization, "since": work.now}
    statement = insert(order.table).values(row).on_conflict_do_nothing().returning(order.table.c.deal_id)
    wanted = await work.session.scalar(delete(Unfollowed).where(*order.refusal).returning(Unfollowed.deal_id))
    if await work.session.scalar(statement) is not None or wanted is not None:
        await changed(work, deal, "follower_added", order.told(None, order.who))
    return deal.id


async def unfollow_deal(work: UnitOfWork, order: Unfollowing) -> UUID:
    """Follow a deal no longer, even where a team or a rule of theirs says so. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    columns = order.table.c
    mine = columns.deal_id == deal.id, columns[f"{order.kind}_id"] == order.who
    gone = await work.session.scalar(delete(order.table).where(*mine).returning(columns.deal_id)) is not None
    if await _refuse(work, deal, order) or gone:
        await changed(work, deal, "follower_removed", order.told(order.who, None))
    return deal.id


async def _refuse(work: UnitOfWork, deal: Deal, order: Unfollowing) -> bool:
    """Remember that a collaborator who would follow by a team or rule does not want to; whether that is new."""
    subject = await subject_of(work, deal.id, None)
    if order.kind != "collaborator" or order.who not in subject.follower_ids:
        return False
    row = {"deal_id": deal.id, "collaborator_id": order.who, "organization_id": work.organization}
    await work.session.execute(insert(Unfollowed).values(row))
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """A contact, and the part it plays in a deal."""

    deal: UUID
    contact: UUID
    part: str
    role: str = "OTHER"

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [Reference("contact", self.contact, "contactId")]


async def add_participant(work: UnitOfWork, order: Participation) -> UUID:
    """Include a contact in a deal, or change its part. Raises NotFound."""
    deal = await locked(work, Deal, order.deal, "dealId")
    present = await work.session.get(Participant, (deal.id, order.contact))
    before = present.part if present else None
    if present and (present.part, present.role) == (order.part, order.role):
        return deal.id
    if present is None:
        present = Participant(deal_id=deal.id, contact_id=order.contact, organization_id=work.organization)
        work.session.add(present)
    changes: dict[str, tuple[Any, Any]] = {"contact_id": (None if before else order.contact, order.contact)}
    changes |= {"part": (before, order.part), "role": (present.role, order.role)}
    present.part, present.role = order.part, order.role
    await changed(work, deal, "participant_changed" if before else "participant_added", changes)
    await close_what_is_over(work, deal.id)
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
