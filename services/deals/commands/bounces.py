"""Addresses that bounce, as the notifier tells of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.commands.at_once import see_to
from services.deals.model import AddressBounce
from services.deals.rules.address_bounces import ADDRESS_BOUNCES


@dataclass(frozen=True, slots=True)
class Bounces:
    """How often mail to a contact came back, as of a version of its address."""

    contact: UUID
    version: int
    hard: int
    soft: int


async def note_bounces(work: UnitOfWork, told: Bounces, at: datetime) -> None:
    """Keep the counts, unless newer ones are kept; raise or close the contact's alert."""
    values = {
        "id": told.contact,
        "organization_id": work.organization,
        "version": told.version,
        "hard": told.hard,
        "soft": told.soft,
        "bounces": told.hard + told.soft > 0,
        "since": at,
    }
    begin = insert(AddressBounce).values(values)
    told_now = begin.excluded
    since = case((AddressBounce.bounces & told_now.bounces, AddressBounce.since), else_=told_now.since)
    changed = {name: told_now[name] for name in ("version", "hard", "soft", "bounces")} | {"since": since}
    newer = AddressBounce.version < told_now.version
    await work.session.execute(begin.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer))
    await see_to(work, ADDRESS_BOUNCES, [told.contact])
