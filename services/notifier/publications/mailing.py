"""Mails to contacts of a campaign: consent, suppression and addresses told twice are looked at for each page."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.commands.telling import EMAIL, Told
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Cause, Contact, Delivery, Queue, Status
from services.notifier.publications.model import EVERYTHING, PublicationReader, Unsubscription, table

_PRIORITY = 9  # after everything that somebody waits for
_TWICE = Stopped(Status.SKIPPED, "SAME_ADDRESS")


async def keep_cause(work: UnitOfWork, told: Told) -> None:
    """Keep what mails are written from."""
    row = {"kind": told.kind.value, "id": told.id, "revision": told.revision, "content": told.content, "at": told.at}
    statement = insert(Cause).values(organization_id=work.organization, open=True, **row)
    await work.session.execute(statement.on_conflict_do_nothing())


async def mail_contacts(work: UnitOfWork, told: Told, category: str, contacts: Sequence[UUID]) -> None:
    """Queue one mail for each of these readers, or keep why there is none. Again changes nothing."""
    await keep_cause(work, told)
    people = (await work.session.execute(select(Contact).where(Contact.id.in_(contacts)))).scalars().all()
    emails = [each.email for each in people]
    refused = await queries.suppressed(work.session, work.organization, emails)
    unwanted = await unsubscribed(work, emails, category)
    first = await _first_of_their_address(work, told.id, contacts)
    rows = []
    for each in people:
        gone = each.deleted or each.merged_into_id is not None
        about = Circumstances(each.email, gone, each.email.lower() in unwanted, refused.get(each.email), outside=True)
        why_not = stopped(about) or (None if each.id in first else _TWICE)
        rows.append(_row(work, told, each.id, why_not))
    if rows:
        await work.session.execute(insert(table(Delivery)).on_conflict_do_nothing(), rows)


async def unsubscribed(work: UnitOfWork, emails: Collection[str], category: str) -> set[str]:
    """Which of these addresses want no campaign of a category."""
    folded = {email.lower() for email in emails}
    unwanted = (Unsubscription.email.in_(folded), Unsubscription.category.in_([category, EVERYTHING]))
    mine = Unsubscription.organization_id == work.organization
    return set((await work.session.execute(select(Unsubscription.email).where(mine, *unwanted))).scalars())


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
