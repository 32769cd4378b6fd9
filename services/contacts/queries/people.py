"""Contacts, with what belongs to them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.database import ReadSession
from services.contacts.model import (
    Contact,
    ContactAddress,
    ContactEmail,
    ContactPhone,
    ContactStatusChange,
)
from services.contacts.queries.rows import Rows, Statement, place_columns, rows_of_each, rows_through_merges

CONTACT = select(
    Contact.id,
    Contact.version,
    Contact.given_name,
    Contact.family_name,
    Contact.language,
    Contact.status,
    Contact.origin,
    Contact.languages,
    Contact.relation_kinds,
    Contact.social_links,
    Contact.relationship_manager_id,
    Contact.created_at,
    Contact.updated_at,
    Contact.deleted_at,
    Contact.merged_into_id,
)


async def contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Contacts by id, deleted ones included; for one that was merged, the one that it became part of."""
    return await rows_through_merges(read, CONTACT, Contact, ids)


async def contacts_of(read: ReadSession, statement: Statement, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """As `contacts`, of some of the columns: id and merged_into_id among them."""
    return await rows_through_merges(read, statement, Contact, ids)


async def contact_notes(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """The notes on contacts."""
    return await read.by_key(select(Contact.id, Contact.notes), Contact.id, ids)


async def contact_emails(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The addresses of contacts, the primary one first."""
    columns = (ContactEmail.contact_id, ContactEmail.address, ContactEmail.kind, ContactEmail.position)
    return await rows_of_each(read, select(*columns).order_by(ContactEmail.position), ContactEmail.contact_id, ids)


async def contact_phones(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The telephones of contacts, the primary one first."""
    columns = (ContactPhone.contact_id, ContactPhone.number, ContactPhone.kind, ContactPhone.position)
    return await rows_of_each(read, select(*columns).order_by(ContactPhone.position), ContactPhone.contact_id, ids)


async def contact_addresses(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The places of persons, the main one first."""
    return await rows_of_each(
        read, place_columns(ContactAddress, ContactAddress.contact_id), ContactAddress.contact_id, ids
    )


async def contact_status_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The commercial histories of persons, oldest first."""
    step = ContactStatusChange
    columns = (step.contact_id, step.status, step.at, step.by_id, step.reason, step.quote_id)
    return await rows_of_each(read, select(*columns).order_by(step.at, step.id), step.contact_id, ids)
