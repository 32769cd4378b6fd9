"""Documents by reference, on deals and events."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked
from services.deals.model import Deal, Document, Event
from services.deals.values.links import DocumentKind
from services.deals.values.references import Reference

MOST_DOCUMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document, and the deal or event it is put on."""

    title: str
    url: str
    kind: DocumentKind
    deal: UUID | None = None
    event: UUID | None = None
    references: tuple[Reference, ...] = ()


async def add_document(work: UnitOfWork, order: NewDocument) -> UUID:
    """Put a document on a deal or an event. Raises NotFound, InvalidInput for over MOST_DOCUMENTS."""
    owner = await _owner(work, order.deal, order.event)
    mine = (Document.deal_id == order.deal) if order.deal else (Document.event_id == order.event)
    count = select(func.count()).select_from(Document).where(mine, Document.removed_at.is_(None))
    if (await work.session.scalar(count) or 0) >= MOST_DOCUMENTS:
        raise InvalidInput("dealId" if order.deal else "eventId", f"It has {MOST_DOCUMENTS} documents already.")
    document = Document(
        id=new_id(),
        organization_id=work.organization,
        deal_id=order.deal,
        event_id=order.event,
        title=order.title,
        url=order.url,
        kind=order.kind.value,
        added_by_id=work.actor.collaborator,
        added_at=work.now,
    )
    work.session.add(document)
    await _record(work, owner, "document_added", {"title": (None, order.title), "url": (None, order.url)})
    return document.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A document that is taken off."""

    id: UUID
    references: tuple[Reference, ...] = ()


async def remove_document(work: UnitOfWork, order: Removal) -> UUID:
    """Take a document off; twice is once. Raises NotFound."""
    document = await work.session.get(Document, order.id, with_for_update=True)
    if document is None:
        raise NotFound("document", order.id)
    if document.removed_at is None:
        document.removed_at = work.now
        owner = await _owner(work, document.deal_id, document.event_id)
        await _record(work, owner, "document_removed", {"title": (document.title, None), "url": (document.url, None)})
    return document.id


async def _owner(work: UnitOfWork, deal: UUID | None, event: UUID | None) -> Deal | Event:
    if deal is not None:
        return await locked(work, Deal, deal, "dealId")
    if event is not None:
        return await locked(work, Event, event, "eventId")
    raise InvalidInput("dealId", "A document is on a deal or on an event: give dealId or eventId.")


async def _record(
    work: UnitOfWork, owner: Deal | Event, kind: str, changes: dict[str, tuple[str | None, str | None]]
) -> None:
    if isinstance(owner, Deal):
        await record(work, kind, await subject_of(work, owner.id, None), changes)
    else:
        subject = await subject_of(work, owner.deal_id, owner.contact_id)
        await record(work, kind, subject, {"event_id": (None, owner.id), **changes}, thing=owner.id)
