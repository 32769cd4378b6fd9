"""A lead that becomes an opportunity, with all that this brings about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.deals import apply, changed
from services.deals.commands.events import NewEvent, create_event
from services.deals.commands.locking import locked
from services.deals.commands.stages import enter, open_stage
from services.deals.errors import NotALead
from services.deals.model import Deal, Participant, Stage
from services.deals.states.deal import Phase
from services.deals.values.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a lead becomes: `changes` of its columns, its stage, who takes part, and what to write down at once."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any] = field(default_factory=dict)
    stage: UUID | None = None
    participants: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    event: NewEvent | None = None

    @property
    def references(self) -> list[Reference]:
        """Ids of people and companies, with their fields."""
        told = self.changes.get
        return [
            *references("collaborator", "ownerId", told("owner_id")),
            *references("account", "accountId", told("account_id")),
            *references("contact", "primaryContactId", told("primary_contact_id")),
            *references("contact", "participants", *self.participants),
        ]


async def convert_lead(work: UnitOfWork, order: Conversion) -> UUID:
    """Make an opportunity of a lead, and all that goes with it, or nothing.

    Raises NotFound, VersionConflict, NotALead, StageArchived, InvalidInput.
    """
    deal = await locked(work, Deal, order.id, version=order.expected_version)
    if deal.phase != Phase.LEAD:
        raise NotALead(deal.phase)
    deal.phase = Phase.OPPORTUNITY.value
    changes: dict[str, tuple[Any, Any]] = {"phase": (Phase.LEAD.value, deal.phase)}
    changes |= await apply(work, deal, order.changes)
    if order.stage is not None and order.stage != deal.stage_id:
        stage, before = await open_stage(work, order.stage), await work.session.get_one(Stage, deal.stage_id)
        await enter(work, deal, stage)
        changes["stage"] = (before.name, stage.name)
    if added := await _add_participants(work, deal, order.participants):
        changes["participants"] = (None, added)
    await changed(work, deal, "lead_converted", changes)
    if order.event is not None:
        await create_event(work, order.event)
    await close_what_is_over(work, deal.id)
    return deal.id


async def _add_participants(work: UnitOfWork, deal: Deal, told: dict[UUID, tuple[str, str]]) -> list[UUID]:
    """Those who take part from now on; one who does already gets the new part."""
    added = []
    for contact, (part, role) in told.items():
        present = await work.session.get(Participant, (deal.id, contact))
        if present is None:
            present = Participant(deal_id=deal.id, contact_id=contact, organization_id=work.organization)
            work.session.add(present)
            added.append(contact)
        present.part, present.role = part, role
    return added
