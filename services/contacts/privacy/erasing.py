"""Erasing a person: in contacts at once, in the other services by a message that each answers when it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, WrongState
from chassis.identifiers import new_id
from chassis.redaction import ERASED, pattern, redact_rows
from services.contacts import events, model
from services.contacts.commands.loading import locked
from services.contacts.commands.protection import digest
from services.contacts.model import Contact, DoNotContact, DuplicatePair, Erasure, ErasureState, Merge, outbox

SERVICES = ("contacts", "deals", "notifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """Whom to erase; `confirmation` repeats the name, `protect` keeps hashes so that nobody takes them in again."""

    contact: UUID
    confirmation: str
    protect: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything that names a person, of all the contacts that were merged into theirs."""

    ids: list[UUID]
    names: list[str]
    emails: list[str]
    phones: list[str]

    @property
    def all(self) -> list[str]:
        """Whole names, addresses and numbers."""
        return [*self.names, *self.emails, *self.phones]


async def erase_person(work: UnitOfWork, order: Erasing) -> UUID:
    """Erase a person for ever, in every service. Gives the erasure's id.

    Raises NotFound, WrongState for one that was erased or is part of another, InvalidInput without the name repeated.
    """
    contact = await locked(work, Contact, order.contact)
    if contact.merged_into_id is not None:
        contact.check_alive()
    _confirm(contact, order.confirmation)
    people = await merged(work, contact)
    identity = identity_of(people)
    if await work.session.scalar(select(Erasure.id).where(Erasure.contact_id == contact.id)) is not None:
        raise WrongState("This person was erased already.", "id")
    if order.protect:
        await _protect(work, identity)
    for each in people:
        _anonymise(work, each)
    await work.session.flush()
    await _forget(work, identity)
    erasure = _erasure(work, contact.id)
    work.session.add(erasure)
    told = [events.contact_changed(each) for each in people]
    await work.emit(*told, events.person_erased(erasure, identity.ids, identity.all))
    return erasure.id


def _confirm(contact: Contact, told: str) -> None:
    name = " ".join(filter(None, (contact.given_name, contact.family_name)))
    if told.strip() != name:
        raise InvalidInput("confirmation", "Repeat the person's first and last name exactly: this cannot be undone.")


async def merged(work: UnitOfWork, contact: Contact) -> list[Contact]:
    """The contact, and all that became part of it."""
    found, last = [contact], [contact.id]
    while last:
        statement = select(Contact).where(Contact.merged_into_id.in_(last)).order_by(Contact.id).with_for_update()
        more = list(await work.session.scalars(statement))
        found += more
        last = [each.id for each in more]
    return found


def identity_of(people: Sequence[Contact]) -> Identity:
    """What names them: names in both orders, addresses, numbers."""
    names = []
    for each in people:
        parts = [part for part in (each.given_name, each.family_name) if part and part != ERASED]
        names += [" ".join(parts), " ".join(reversed(parts))] if parts else []
    return Identity(
        ids=[each.id for each in people],
        names=list(dict.fromkeys(names)),
        emails=list(dict.fromkeys(email.address for each in people for email in each.emails)),
        phones=list(dict.fromkeys(phone.number for each in people for phone in each.phones)),
    )


async def _protect(work: UnitOfWork, identity: Identity) -> None:
    rows = [
        {"organization_id": work.organization, "digest": digest(work.organization, each), "since": work.now}
        for each in (*identity.emails, *identity.phones)
    ]
    if rows:
        again = {"since": work.now, "lifted_at": None, "lifted_by_id": None}
        keys = ["organization_id", "digest"]
        await work.session.execute(insert(DoNotContact).on_conflict_do_update(index_elements=keys, set_=again), rows)


def _anonymise(work: UnitOfWork, contact: Contact) -> None:
    """The row stays, so that counts stay true; it says nothing any more."""
    told: dict[str, Any] = {"given_name": None, "family_name": ERASED, "language": None, "notes": None}
    told |= {"languages": [], "social_links": [], "deleted_at": contact.deleted_at or work.now}
    contact.change(None, work.now, told)
    for part in ("emails", "phones", "addresses", "tags"):
        getattr(contact, part).clear()


async def _forget(work: UnitOfWork, identity: Identity) -> None:
    ids, expression = identity.ids, pattern(identity.all)
    for table in (model.Picture, model.ContactExternalId, model.ContactCustomValue, model.PersonExport):
        await work.session.execute(delete(table).where(table.contact_id.in_(ids)))
    pair = DuplicatePair
    await work.session.execute(delete(pair).where(or_(pair.first_id.in_(ids), pair.second_id.in_(ids))))
    await _blank(work, model.HistoryEntry, "contact_id", ids, changes=[])
    await _blank(work, model.ContactStatusChange, "contact_id", ids, reason=None)
    await _blank(work, model.FieldRecord, "contact_id", ids, content={}, kept=[])
    await _blank(work, model.Interlocutor, "contact_id", ids, job_title=None)
    await _blank(work, model.ContactImportRow, "contact_id", ids, before=None)
    await _blank(work, Merge, "winner_id", ids, changes={}, added={})
    await _blank(work, model.CardExchange, "contact_id", ids, message=None)
    for texts, names in TEXTS:
        await redact_rows(work, texts.metadata.tables[texts.__tablename__], names, expression)
    await _forget_files(work, identity, expression)
    # Whatever tells of them is told anew, anonymised; an older message must not leave after it.
    await work.session.execute(delete(outbox).where(outbox.c.aggregate_id.in_(ids)))


TEXTS: tuple[tuple[type[model.Base], tuple[str, ...]], ...] = (
    (Contact, ("notes",)),
    (model.Account, ("notes",)),
    (model.HistoryEntry, ("changes",)),
    (model.ContactImport, ("book",)),
    (model.ContactImportProblem, ("excerpt",)),
    (model.CardExchange, ("peer", "offered", "message")),
    (model.FieldRecord, ("content", "kept")),
)


async def _blank(work: UnitOfWork, table: Any, column: str, ids: Sequence[UUID], **values: Any) -> None:
    await work.session.execute(update(table).where(getattr(table, column).in_(ids)).values(**values))


async def _forget_files(work: UnitOfWork, identity: Identity, expression: str) -> None:
    """Files of imports that are still kept and name the person, and what is shown of files: sent again, without."""
    chunk, sample = model.ContactImportChunk, model.ContactImport.sample
    if expression:
        naming = cast(sample, Text).regexp_match(expression, flags="i")
        await work.session.execute(update(model.ContactImport).where(naming).values(sample=None))
    told = [func.strpos(func.encode(chunk.content, "escape"), _escaped(each)) > 0 for each in identity.all if each]
    if told:
        holding = select(chunk.import_id).where(or_(*told))
        await work.session.execute(delete(chunk).where(chunk.import_id.in_(holding)))


def _escaped(text: str) -> str:
    """As PostgreSQL shows bytes in its escape format."""
    return "".join(chr(each) if each < 128 and each != 92 else f"\\{each:03o}" for each in text.encode())


def _erasure(work: UnitOfWork, contact: UUID) -> Erasure:
    return Erasure(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        created_by_id=work.actor.collaborator,
        contact_id=contact,
        state=ErasureState.RUNNING,
        contacts_at=work.now,
    )


async def service_done(work: UnitOfWork, id: UUID, service: str) -> None:
    """A service has done its part; after the last one, what told them whom to forget is forgotten, too."""
    erasure = await work.session.scalar(select(Erasure).where(Erasure.id == id).with_for_update())
    if erasure is None:
        raise NotFound("erasure", id)
    name = f"{service}_at"
    if getattr(erasure, name) is None:
        erasure.change(None, work.now, {name: work.now})
    if all(getattr(erasure, f"{each}_at") for each in SERVICES) and erasure.state is ErasureState.RUNNING:
        erasure.change(None, work.now, {"state": ErasureState.DONE})
        await work.session.execute(delete(outbox).where(outbox.c.aggregate_id == id))
