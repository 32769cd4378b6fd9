"""All that is kept of a person, for the person: contacts' part at once, the others' as they answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Database, UnitOfWork
from chassis.disclosure import Found, Piece, TooMuch, mentions, pieces, refused, rows_of
from chassis.errors import NotFound, WrongState
from chassis.identifiers import new_id
from chassis.redaction import pattern
from services.contacts import events, model
from services.contacts.commands.loading import locked
from services.contacts.model import Contact, PersonExport, PersonExportPart, PersonExportState, outbox
from services.contacts.privacy.erasing import SERVICES, TEXTS, Identity, identity_of, merged

PENDING_DAYS = 90
"""What some service never answered is dropped then."""
_LEFT_OUT = frozenset({"erasure", "person_export"})
_HIDDEN = ("key", "visitor_hash", "fingerprint")
_SAID_BY_ID: Mapping[str, tuple[type[model.Base], str]] = {
    "tag": (model.ContactTag, "tag_id"),
    "group": (model.GroupMember, "group_id"),
    "custom_field": (model.ContactCustomValue, "field_id"),
    "account": (model.Interlocutor, "account_id"),
}
"""Tables whose names say what the ids of a contact's rows are."""
_NAMES = ("id", "name", "key", "label")


async def export_person(work: UnitOfWork, id: UUID, kept_days: int) -> UUID:
    """Begin to put together what every service keeps of a person. Gives the export's id.

    Once whole it can be fetched for `kept_days`.

    Raises NotFound, WrongState for one that is part of another.
    """
    contact = await locked(work, Contact, id)
    if contact.merged_into_id is not None:
        contact.check_alive()
    people = await merged(work, contact)
    identity = identity_of(people)
    export = _export(work, contact.id, kept_days)
    work.session.add(export)
    await work.session.flush()
    try:
        own = pieces(await _found(work, identity))
    except TooMuch:
        own = [refused()]
    for piece in own:
        await part_arrived(work, export.id, "contacts", piece)
    await work.emit(events.person_export_requested(export, identity.ids, identity.all))
    return export.id


async def _found(work: UnitOfWork, identity: Identity) -> dict[str, list[Found]]:
    ids, tables = identity.ids, model.Base.metadata.tables
    pair, merge, rendition = model.DuplicatePair, model.Merge, model.PictureRendition
    pictures = select(model.Picture.id).where(model.Picture.contact_id.in_(ids))
    ties: dict[str, ColumnElement[bool]] = {
        "contact": Contact.id.in_(ids),
        pair.__tablename__: or_(pair.first_id.in_(ids), pair.second_id.in_(ids)),
        merge.__tablename__: or_(merge.winner_id.in_(ids), merge.loser_id.in_(ids)),
        rendition.__tablename__: rendition.picture_id.in_(pictures),
    }
    ties |= {name: table.c.contact_id.in_(ids) for name, table in tables.items() if "contact_id" in table.c}
    found = {
        name: await rows_of(work, tables[name], tie, _HIDDEN) for name, tie in ties.items() if name not in _LEFT_OUT
    }
    for name, (said_by, column) in _SAID_BY_ID.items():
        said = select(getattr(said_by, column)).where(
            said_by.metadata.tables[said_by.__tablename__].c.contact_id.in_(ids)
        )
        found[f"{name}_names"] = await _named(work, tables[name], said)
    expression = pattern(identity.all)
    for kind, names in TEXTS:
        found[f"mentions_{kind.__tablename__}"] = await mentions(work, tables[kind.__tablename__], names, expression)
    return found


async def _named(work: UnitOfWork, table: Table, ids: Select[Any]) -> list[Found]:
    hidden = [each.name for each in table.c if each.name not in _NAMES]
    return await rows_of(work, table, table.c.id.in_(ids), hidden)


def _export(work: UnitOfWork, contact: UUID, kept_days: int) -> PersonExport:
    return PersonExport(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        created_by_id=work.actor.collaborator,
        contact_id=contact,
        state=PersonExportState.PENDING,
        kept_days=kept_days,
        expires_at=work.now + timedelta(days=PENDING_DAYS),
    )


async def part_arrived(work: UnitOfWork, id: UUID, service: str, piece: Piece) -> None:
    """Keep a piece of a service's answer. The first answer that is whole counts; an export that is no more, nothing."""
    statement = select(PersonExport).where(PersonExport.id == id).with_for_update()
    export = await work.session.scalar(statement)
    if export is None or getattr(export, f"{service}_at") is not None:
        return
    key = {"organization_id": work.organization, "export_id": id, "service": service}
    row = {**key, "answer_id": piece.answer, "position": piece.position, "piece": piece.text}
    await work.session.execute(insert(PersonExportPart).values(row).on_conflict_do_nothing())
    part = PersonExportPart
    mine = (part.export_id == id, part.service == service)
    count = select(func.count()).where(*mine, part.answer_id == piece.answer)
    if await work.session.scalar(count) != piece.count:
        return
    await work.session.execute(delete(part).where(*mine, part.answer_id != piece.answer))
    export.change(None, work.now, {f"{service}_at": work.now, "refusal": export.refusal or piece.refusal or None})
    if all(getattr(export, f"{each}_at") for each in SERVICES):
        await _conclude(work, export)


async def _conclude(work: UnitOfWork, export: PersonExport) -> None:
    """Whole, or refused by some service; what told them whom to look for is forgotten."""
    state = PersonExportState.REFUSED if export.refusal else PersonExportState.READY
    export.change(None, work.now, {"state": state, "expires_at": work.now + timedelta(days=export.kept_days)})
    if export.refusal:
        await work.session.execute(delete(PersonExportPart).where(PersonExportPart.export_id == export.id))
    await work.session.execute(delete(outbox).where(outbox.c.aggregate_id == export.id))


async def check_ready(work: UnitOfWork, id: UUID) -> None:
    """Raises NotFound, and WrongState for an export that is not READY."""
    state = await work.session.scalar(select(PersonExport.state).where(PersonExport.id == id))
    if state is None:
        raise NotFound("person_export", id)
    if state is not PersonExportState.READY:
        raise WrongState(f"This export is {state.value}: it can be fetched once it is READY.", "id")


async def document(database: Database, organization: UUID, id: UUID) -> AsyncIterator[str]:
    """The whole, one JSON object with a key a service, a piece at a time."""
    for number, service in enumerate(SERVICES):
        yield f'{"," if number else "{"}"{service}":'
        for piece in await _pieces(database, organization, id, service):
            async with database.read(organization) as read:
                yield str(await read.scalar(piece))
    yield "}"


async def _pieces(database: Database, organization: UUID, id: UUID, service: str) -> Sequence[Select[Any]]:
    part = PersonExportPart
    mine = (part.export_id == id, part.service == service)
    async with database.read(organization) as read:
        positions = await read.scalars(select(part.position).where(*mine).order_by(part.position))
    return [select(part.piece).where(*mine, part.position == position) for position in positions]
