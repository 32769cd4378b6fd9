"""Mails to contacts of a campaign: consent, suppression and addresses told twice are looked at for each page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.commands.causes import Told, record
from services.notifier.commands.telling import EMAIL
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Contact, Delivery, Queue, Status
from services.notifier.publications.model import EVERYTHING, PublicationReader, Unsubscription, table

_PRIORITY = 9  # after everything that somebody waits for
_TWICE = Stopped(Status.SKIPPED, "SAME_ADDRESS")


async def mail_contacts(work: UnitOfWork, told: Told, category: str, contacts: Sequence[UUID]) -> None:
    """Queue one mail for each of these readers, or keep why there is none. Again changes nothing."""
    await record(work, told)
    people = (await work.session.execute(select(Contact).where(Contact.id.in_(contacts)))).scalars().all()
    emails = [each.email for each in people]
    refused = await queries.suppressed(work.session, work.organization, emails)
    unwanted = await _unsubscribed(work, people, category)
    first = await _first_of_their_address(work, told.id, contacts)
    rows = []
    for each in people:
        gone = each.deleted or each.merged_into_id is not None
        about = Circumstances(each.email, gone, each.id in unwanted, refused.get(each.email), outside=True)
        why_not = stopped(about) or (None if each.id in first else _TWICE)
        rows.append(_row(work, told, each.id, why_not))
    if rows:
        await work.session.execute(insert(table(Delivery)).on_conflict_do_nothing(), rows)


async def _unsubscribed(work: UnitOfWork, people: Sequence[Contact], category: str) -> set[UUID]:
    """Which of these want no campaign of a category: they said so, or somebody at their address."""
    ids, emails = {each.id for each in people}, {each.email.lower() for each in people}
    theirs = or_(Unsubscription.email.in_(emails), Unsubscription.contact_id.in_(ids))
    wanted = (Unsubscription.organization_id == work.organization, Unsubscription.category.in_([category, EVERYTHING]))
    said = select(Unsubscription.email, Unsubscription.contact_id).where(*wanted, theirs)
    unwilling = {each for row in await work.session.execute(said) for each in row}
    return {each.id for each in people if each.id in unwilling or each.email.lower() in unwilling}


async def _first_of_their_address(work: UnitOfWork, publication: UUID, contacts: Sequence[UUID]) -> set[UUID]:
    """Readers without another reader at the same address before them."""
    reader, other = PublicationReader, aliased(PublicationReader)
    before = select(other.id).where(
        other.publication_id == reader.publication_id, other.email == reader.email, other.id < reader.id
    )
    mine = (reader.publication_id == publication, reader.contact_id.in_(contacts))
    statement = select(reader.contact_id).where(*mine, ~before.exists())
    return {id for id in (await work.session.execute(statement)).scalars() if id is not None}


def _row(work: UnitOfWork, told: Told, contact: UUID, why_not: Stopped | None) -> Mapping[str, Any]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "cause_kind": told.kind.value,
        "cause_id": told.id,
        "revision": told.revision,
        "contact_id": contact,
        "queue": Queue.EXTERNAL.value,
        "channel": EMAIL,
        "reasons": [],
        "status": (why_not.status if why_not else Status.QUEUED).value,
        "detail": why_not.detail if why_not else None,
        "priority": _PRIORITY,
        "attempts": 0,
        "next_attempt_at": None if why_not else work.now,
        "created_at": work.now,
        "changed_at": work.now,
    }
