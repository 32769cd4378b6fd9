"""E-mails written from a deal to its people. They are sent by the notifier, which tells what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.history import place, record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import NobodyToWriteTo
from services.deals.model import Deal, Document, Message, MessageRecipient, Participant
from services.deals.states.message import FAILED, MailStatus, follows
from services.deals.values.messages import MOST_ATTACHMENTS, Format, Part
from services.deals.values.references import MOST_PEOPLE, Reference, references
from services.deals.values.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What is written, from which deal. Without `to` it goes to the primary contact, without `copy` to participants."""

    deal: UUID
    title: str
    body: str
    format: Format = Format.PLAIN
    to: tuple[UUID, ...] | None = None
    copy: tuple[UUID, ...] | None = None
    documents: tuple[UUID, ...] = ()

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return [
            *references("contact", "toIds", *(self.to or ())),
            *references("contact", "copyIds", *(self.copy or ())),
        ]


async def write_message(work: UnitOfWork, order: NewMessage) -> UUID:
    """Write to a deal's people; alerts that waited for it close. Raises NotFound, InvalidInput, NobodyToWriteTo."""
    deal = await locked(work, Deal, order.deal, "dealId")
    people = await _people(work, deal, order)
    message = Message(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        deal_id=deal.id,
        author_id=work.actor.collaborator,
        title=order.title,
        body=order.body,
        format=order.format.value,
        attachments=await _attachments(work, deal, order.documents),
        created_at=work.now,
    )
    work.session.add(message)
    await work.session.flush()
    recipients = [_recipient(message, position, *one) for position, one in enumerate(people.items())]
    work.session.add_all(recipients)
    subject = await subject_of(work, deal.id, None)
    await place(work, _with(subject, people), "message", message.id, message.created_at, message.author_id)
    await _record_written(work, message, subject)
    await work.emit(events.message_written(message, recipients, subject))
    await close_what_is_over(work, deal.id)
    return message.id


async def _people(work: UnitOfWork, deal: Deal, order: NewMessage) -> dict[UUID, Part]:
    """Each once, whoever is written to first. Raises NobodyToWriteTo, InvalidInput for over MOST_PEOPLE."""
    to = order.to if order.to is not None else tuple(id for id in (deal.primary_contact_id,) if id is not None)
    copy = order.copy if order.copy is not None else await _participants(work, deal)
    if not to:
        raise NobodyToWriteTo
    people = dict.fromkeys(copy, Part.COPY) | dict.fromkeys(to, Part.TO)
    if len(people) > MOST_PEOPLE:
        raise InvalidInput("copyIds", f"A message goes to at most {MOST_PEOPLE} people.")
    return {id: people[id] for id in dict.fromkeys([*to, *copy])}


async def _participants(work: UnitOfWork, deal: Deal) -> tuple[UUID, ...]:
    statement = select(Participant.contact_id).where(Participant.deal_id == deal.id).order_by(Participant.contact_id)
    return tuple((await work.session.scalars(statement)).all())


async def _attachments(work: UnitOfWork, deal: Deal, ids: tuple[UUID, ...]) -> list[dict[str, Any]]:
    """Documents that are on the deal, as they are now. Raises NotFound, InvalidInput for over MOST_ATTACHMENTS."""
    if len(ids) > MOST_ATTACHMENTS:
        raise InvalidInput("documentIds", f"At most {MOST_ATTACHMENTS} documents at a time.")
    mine = (Document.id.in_(ids), Document.deal_id == deal.id, Document.removed_at.is_(None))
    found = {row.id: row for row in (await work.session.scalars(select(Document).where(*mine))).all()}
    for id in ids:
        if id not in found:
            raise NotFound("document", id, "documentIds")
    return [{"document_id": str(id), "title": found[id].title, "url": found[id].url} for id in ids]


def _recipient(message: Message, position: int, contact: UUID, part: Part) -> MessageRecipient:
    return MessageRecipient(
        message_id=message.id,
        contact_id=contact,
        organization_id=message.organization_id,
        position=position,
        part=part.value,
        status=MailStatus.QUEUED.value,
        reason="",
    )


def _with(subject: Subject, people: Iterable[UUID]) -> Subject:
    """The timelines of those who are written to have it too, whether they are the deal's or not."""
    return replace(subject, participant_ids=tuple(dict.fromkeys([*subject.participant_ids, *people])))


async def _record_written(work: UnitOfWork, message: Message, subject: Subject) -> None:
    # Followers are told by the fact; on timelines the message itself stands for it.
    changes = {"message_id": (None, message.id), "title": (None, message.title)}
    await record(work, "message_written", subject, changes, thing=message.id, placed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What became of the mail of a message to one contact."""

    message: UUID
    contact: UUID
    status: MailStatus
    reason: str
    at: datetime


async def note_delivery(work: UnitOfWork, news: News) -> None:
    """Keep what became of a mail; again, or older news, changes nothing. A failure is a fact on the timeline."""
    message = await locked(work, Message, news.message)
    recipient = await work.session.get(MessageRecipient, (message.id, news.contact), populate_existing=True)
    if recipient is None or not follows(MailStatus(recipient.status), recipient.told_at, news.status, news.at):
        return
    before = recipient.status
    recipient.status, recipient.reason, recipient.told_at = news.status.value, news.reason, news.at
    message.version += 1
    subject = await subject_of(work, message.deal_id, None)
    if news.status in FAILED:
        changes = {
            "message_id": (None, message.id),
            "contact_id": (None, news.contact),
            "status": (before, recipient.status),
            "reason": (None, news.reason),
        }
        await record(work, "message_failed", subject, changes, thing=message.id)
    recipients = await recipients_of(work, message)
    subject = _with(subject, [one.contact_id for one in recipients])
    await work.emit(events.message_changed(message, recipients, subject))


async def recipients_of(work: UnitOfWork, message: Message) -> list[MessageRecipient]:
    """Whom it goes to, those who are written to first."""
    mine = select(MessageRecipient).where(MessageRecipient.message_id == message.id)
    return list((await work.session.scalars(mine.order_by(MessageRecipient.position))).all())
