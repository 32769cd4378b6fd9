"""Alerts that a change of a collaborator makes true or false at once."""

from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from services.deals.commands.at_once import see_to
from services.deals.model import Deal
from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER as RULE
from services.deals.states.deal import CARRIED

AT_ONCE = 200
"""Deals seen to in the message's transaction; the next sweep sees to the others."""


async def follow_owner(work: UnitOfWork, collaborator: UUID) -> None:
    """Raise or close the alerts of the deals that a collaborator owns, as their access was taken or given back."""
    carried = Deal.phase.in_(CARRIED)
    owned = select(Deal.id).where(Deal.owner_id == collaborator, carried).order_by(Deal.id).limit(AT_ONCE)
    if deals := list((await work.session.scalars(owned)).all()):
        await see_to(work, RULE, deals)
