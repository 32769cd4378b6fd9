"""Ids of the contacts service's things: a copy is needed, and may be a moment late."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Database, UnitOfWork
from chassis.errors import InvalidInput, NotFound
from services.deals.errors import CollaboratorDisabled
from services.deals.model import Account, Contact
from services.deals.queries import copies
from services.deals.values.references import Reference

WAIT_SECONDS = 2.0
POLL_SECONDS = 0.05
# Ids are UUIDv7: an id made long ago whose copy is missing is no copy on its way.
RECENT_SECONDS = 60


async def await_copies(database: Database, organization: UUID, references: Sequence[Reference]) -> None:
    """Give the copies of what was made a moment ago up to WAIT_SECONDS to arrive; whether they did is not told.

    A front-end creates a contact, and at once a deal with it: the copy is a message behind.
    """
    recent = [reference for reference in references if _is_recent(reference.id)]
    deadline = time.monotonic() + WAIT_SECONDS
    while recent and time.monotonic() < deadline:
        async with database.read(organization) as session:
            found = {row.id for row in await session.rows(copies.known(recent))}
        if found.issuperset(reference.id for reference in recent):
            return
        await asyncio.sleep(POLL_SECONDS)


async def check_caller(work: UnitOfWork) -> None:
    """Raise CollaboratorDisabled where the caller was disabled since their token was made."""
    if work.actor.collaborator is not None and await work.session.scalar(copies.is_disabled(work.actor.collaborator)):
        raise CollaboratorDisabled


async def require(work: UnitOfWork, references: Sequence[Reference]) -> dict[Reference, UUID]:
    """Raises NotFound for one without a copy, InvalidInput for one that is disabled or deleted; names the field.

    One that became part of another is taken: what is written about it follows. Gives those, with what they are part of.
    """
    if not references:
        return {}
    # Held to the end of the transaction: a merge of one of them waits, and then sees what was written.
    for kind, copy in (("contact", Contact), ("account", Account)):
        if ids := [reference.id for reference in references if reference.kind == kind]:
            await work.session.execute(copies.held(copy, ids))
    async with work.as_seen():
        rows = (await work.session.execute(copies.known(references))).all()
    found = {(row.kind, row.id): row for row in rows}
    merged: dict[Reference, UUID] = {}
    for reference in references:
        row = found.get((reference.kind, reference.id))
        if row is None:
            raise NotFound(reference.kind, reference.id, reference.field)
        if row.merged_into_id is not None:
            merged[reference] = row.merged_into_id
        elif row.gone:
            told = "disabled" if reference.kind == "collaborator" else "deleted"
            raise InvalidInput(reference.field, f"This {reference.kind} is {told}: choose another.")
    return merged


def _is_recent(id: UUID) -> bool:
    """Whether a UUIDv7 (RFC 9562) was made within RECENT_SECONDS."""
    return time.time() - (id.int >> 80) / 1000 < RECENT_SECONDS
