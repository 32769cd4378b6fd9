"""What readers do: read, answer, unsubscribe. Each again changes nothing, or replaces what it said before."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import format_id, new_id
from chassis.messages import Outgoing
from chassis.text import clean
from proto.notifier.v1.messages_pb2 import ContactUnsubscribed, PublicationAnswered
from services.notifier.commands.merging import heirs
from services.notifier.model import Collaborator, Contact
from services.notifier.publications.errors import NothingAsked, NotPublished
from services.notifier.publications.feed import PUBLICATION, addressed
from services.notifier.publications.model import (
    PublicationReader,
    PublicationStatus,
    Seen,
    Unsubscription,
)
from services.notifier.webhooks.payload import Occasion
from services.notifier.webhooks.telling import tell_endpoints

MAX_WORDS = 2_000


@dataclass(frozen=True)
class Person:
    """A reader: a collaborator of the scope's organization, or one of its contacts."""

    collaborator: UUID | None = None
    contact: UUID | None = None

    @property
    def column(self) -> str:
        """Where a reader's row names them."""
        return "contact_id" if self.contact else "collaborator_id"

    @property
    def id(self) -> UUID | None:
        """Whichever it is."""
        return self.contact or self.collaborator


@dataclass(frozen=True)
class Reply:
    """An option, or words of one's own."""

    choice: str = ""
    words: str = ""


async def mark_read(work: UnitOfWork, publication: UUID, who: Person) -> UUID:
    """Note that somebody has read it, the first time. Raises NotFound, NotPublished."""
    row = await _visible(work, publication, who)
    if row.organization_id == work.organization:
        reader = await _reader(work, row, who)
        await _set(work, reader.id, PublicationReader.read_at.is_(None), read_at=work.now)
    elif who.collaborator is not None:
        seen = {"collaborator_id": who.collaborator, "publication_id": publication, "at": work.now}
        statement = insert(Seen).values(organization_id=work.organization, **seen)
        await work.session.execute(statement.on_conflict_do_nothing())
    return publication


async def answer(work: UnitOfWork, publication: UUID, who: Person, reply: Reply) -> UUID:
    """Keep an answer; another one replaces it. Raises NotFound, NotPublished, NothingAsked, InvalidInput."""
    row = await _visible(work, publication, who)
    if row.organization_id != work.organization:
        raise NothingAsked  # of whoever follows: answers do not cross organizations
    if not row.question:
        raise NothingAsked
    reply = _checked(row, reply)
    reader = await _reader(work, row, who)
    if (reader.choice or "", reader.words or "") == (reply.choice, reply.words) and reader.answered_at is not None:
        return publication
    told = {"answered_at": work.now, "choice": reply.choice or None, "words": reply.words or None}
    await _set(work, reader.id, read_at=reader.read_at or work.now, **told)
    await _tell_answer(work, row, who, reply)
    return publication


def _checked(row: Any, reply: Reply) -> Reply:
    words = clean(reply.words, "words", most=MAX_WORDS, allowed="\n\t")
    if row.options and reply.choice not in row.options:
        raise InvalidInput("choice", "Choose one of the options.")
    if not row.options and reply.choice:
        raise InvalidInput("choice", "There are no options: answer in words.")
    if not row.options and not words:
        raise InvalidInput("words", "Say something.")
    return Reply(reply.choice, words)


async def unsubscribe(work: UnitOfWork, contact: UUID, category: str, publication: UUID | None = None) -> None:
    """No more campaigns of a category, or of any, to a contact's address. Quotes and letters still come."""
    person = await _contact(work, contact)
    if not person.email:
        return
    now = (await heirs(work, [contact])).get(contact, contact)
    row = {"email": person.email.lower(), "category": category, "id": new_id()}
    statement = insert(Unsubscription).values(organization_id=work.organization, contact_id=now, at=work.now, **row)
    statement = statement.on_conflict_do_nothing()
    new = (await work.session.execute(statement.returning(Unsubscription.email))).first() is not None
    if publication is not None:
        mine = (PublicationReader.publication_id == publication, PublicationReader.contact_id == contact)
        first = (*mine, PublicationReader.unsubscribed_at.is_(None))
        await work.session.execute(update(PublicationReader).where(*first).values(unsubscribed_at=work.now))
    if new:
        body = ContactUnsubscribed(contact_id=format_id("contact", contact), category=category)
        body.at.FromDatetime(work.now)
        await work.emit(Outgoing("contact", new_id(), 1, body))


async def subscribe_again(work: UnitOfWork, contact: UUID, publication: UUID | None = None) -> None:
    """Whoever unsubscribed changes their mind; all their categories come again."""
    person = await _contact(work, contact)
    theirs = or_(Unsubscription.email == person.email.lower(), Unsubscription.contact_id == contact)
    mine = Unsubscription.organization_id == work.organization
    await work.session.execute(delete(Unsubscription).where(mine, theirs))
    if publication is not None:
        reader = (PublicationReader.publication_id == publication, PublicationReader.contact_id == contact)
        await work.session.execute(update(PublicationReader).where(*reader).values(unsubscribed_at=None))


async def _contact(work: UnitOfWork, id: UUID) -> Contact:
    mine = (Contact.id == id, Contact.organization_id == work.organization)
    row = await work.session.scalar(select(Contact).where(*mine))
    if row is None:
        raise NotFound("contact", id, "contactId")
    return row


async def _visible(work: UnitOfWork, id: UUID, who: Person) -> Any:
    """A publication that the scope's organization published, or follows."""
    row = (await work.session.execute(select(*PUBLICATION.c).where(PUBLICATION.c.id == id))).first()
    if row is None:
        raise NotFound("publication", id)
    if row.status != PublicationStatus.PUBLISHED.value:
        raise NotPublished
    if who.collaborator is not None and row.organization_id == work.organization and not row.to_network:
        await _check_addressed(work, row, who.collaborator)
    return row


async def _check_addressed(work: UnitOfWork, row: Any, collaborator: UUID) -> None:
    me = select(Collaborator.id).where(Collaborator.id == collaborator, addressed(row.id, collaborator))
    if (await work.session.execute(me)).first() is None:
        raise NotFound("publication", row.id)


async def _reader(work: UnitOfWork, row: Any, who: Person) -> Any:
    """The reader's row, locked; whoever came after it was told is noted now."""
    values = {"organization_id": work.organization, "id": new_id(), "publication_id": row.id, "added_at": work.now}
    statement = insert(PublicationReader).values(**values, email="", **{who.column: who.id})
    await work.session.execute(statement.on_conflict_do_nothing())
    person: ColumnElement[Any] = getattr(PublicationReader, who.column)
    chosen = select(PublicationReader).where(PublicationReader.publication_id == row.id, person == who.id)
    return (await work.session.execute(chosen.with_for_update())).scalar_one()


async def _set(work: UnitOfWork, reader: UUID, *clauses: ColumnElement[bool], **values: Any) -> None:
    await work.session.execute(update(PublicationReader).where(PublicationReader.id == reader, *clauses).values(values))


async def _tell_answer(work: UnitOfWork, row: Any, who: Person, reply: Reply) -> None:
    body = PublicationAnswered(
        publication_id=format_id("publication", row.id),
        title=row.title,
        kind=row.kind,
        contact_id=format_id("contact", who.contact) if who.contact else "",
        collaborator_id=format_id("collaborator", who.collaborator) if who.collaborator else "",
        question=row.question,
        choice=reply.choice,
        words=reply.words,
    )
    body.at.FromDatetime(work.now)
    answered = new_id()
    await work.emit(Outgoing("publication", answered, 1, body))
    await tell_endpoints(work, (Occasion("publication.answered", answered, work.now, work.organization), body))
