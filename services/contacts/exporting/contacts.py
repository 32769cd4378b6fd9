"""The contacts of a filter, read by keyset: neither the whole list nor a transaction is held while a file is sent."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from chassis.auth import Actor
from chassis.database import Database
from services.contacts import queries
from services.contacts.model import Contact
from services.contacts.pictures.queries import contents_of_contacts

PAGE = 500
_PARTS = (queries.contact_emails, queries.contact_phones, queries.contact_addresses, queries.contact_tags)


@dataclass(frozen=True, slots=True)
class Exported:
    """A contact's row, with the rows of what it has several of."""

    row: Row[Any]
    emails: Sequence[Row[Any]]
    phones: Sequence[Row[Any]]
    addresses: Sequence[Row[Any]]
    tags: Sequence[Row[Any]]
    photo: bytes | None = None


async def exported(
    database: Database, actor: Actor, clauses: Sequence[ColumnElement[bool]], *, photos: bool = False
) -> AsyncIterator[list[Exported]]:
    """Pages of what an actor sees, oldest contact first; their photos only where they are wanted."""
    named = (Contact.id, Contact.given_name, Contact.family_name, Contact.language, Contact.languages)
    columns = (*named, Contact.social_links, Contact.notes, Contact.updated_at)
    statement = select(*columns).where(*clauses).order_by(Contact.id).limit(PAGE)
    after: UUID | None = None
    while True:
        async with database.read(actor.organization, actor.portfolio) as read:
            rows = await read.rows(statement if after is None else statement.where(Contact.id > after))
            ids = [row.id for row in rows]
            emails, phones, addresses, tags = [await several(read, ids) for several in _PARTS]
            shown = await contents_of_contacts(read, ids) if photos else {}
        if rows:
            after = rows[-1].id
            yield [
                Exported(*each, shown.get(each[0].id))
                for each in zip(rows, emails, phones, addresses, tags, strict=True)
            ]
        if len(rows) < PAGE:
            return
