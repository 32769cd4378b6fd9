"""Tickets for files over HTTP: what a mutation answers, and what the address it gives opens, for a while."""

import asyncio
import hmac
import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import Database, UnitOfWork
from chassis.identifiers import new_id
from services.contacts.model import (
    Collaborator,
    ContactImport,
    ContactImportChunk,
    PersonExport,
    SignIn,
    TransferPurpose,
    TransferTicket,
)

MINUTES = {
    TransferPurpose.UPLOAD: 60,
    TransferPurpose.CONTACTS: 10,
    TransferPurpose.PROBLEMS: 10,
    TransferPurpose.PHOTO: 60,
    TransferPurpose.PERSON: 10,
}
KEPT_DAYS = 7
SWEEP_SECONDS = 3600.0
_SECRET_BYTES = 24
_log = structlog.get_logger(__name__)


async def issue(work: UnitOfWork, purpose: TransferPurpose, what: dict[str, Any]) -> str:
    """The last part of an address that opens this one thing, in the name of the caller, for MINUTES."""
    if work.actor.collaborator is None:
        raise ValueError("the system needs no ticket")
    secret, id = secrets.token_urlsafe(_SECRET_BYTES), new_id()
    ticket = TransferTicket(
        id=id,
        organization_id=work.organization,
        collaborator_id=work.actor.collaborator,
        secret_hash=_hash(secret),
        purpose=purpose,
        what=what,
        expires_at=work.now + timedelta(minutes=MINUTES[purpose]),
    )
    work.session.add(ticket)
    await work.session.flush()
    return f"{work.organization.hex}.{id.hex}.{secret}"


async def opened(database: Database, told: str, purpose: TransferPurpose) -> Any | None:
    """The ticket's row, with its holder's role and locale; None where it is none, expired, or the holder disabled."""
    try:
        organization, id, secret = told.split(".")
        scope, key = UUID(hex=organization), UUID(hex=id)
    except ValueError:
        return None
    columns, holder = TransferTicket, Collaborator
    statement = (
        select(columns.organization_id, columns.collaborator_id, columns.secret_hash, columns.what)
        .add_columns(holder.role, holder.locale)
        .join(holder, holder.id == columns.collaborator_id)
        .where(columns.id == key, columns.purpose == purpose, columns.expires_at > func.now())
        .where(holder.disabled_at.is_(None))
    )
    async with database.read(scope) as read:
        row = await read.first(statement)
    return row if row is not None and hmac.compare_digest(row.secret_hash, _hash(secret)) else None


async def sweep(system: AsyncEngine, stop: asyncio.Event) -> None:
    """Now and then, forget tickets that expired and files of imports that nobody went on with."""
    while not stop.is_set():
        try:
            await forget_old(system)
        except Exception as error:
            _log.warning("transfers not swept", error=repr(error)[:300])
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_SECONDS)


async def forget_old(system: AsyncEngine) -> None:
    """What `sweep` does each hour."""
    old = select(ContactImport.id).where(ContactImport.updated_at < func.now() - timedelta(days=KEPT_DAYS))
    async with system.begin() as connection:
        await connection.execute(delete(TransferTicket).where(TransferTicket.expires_at < func.now()))
        await connection.execute(delete(SignIn).where(SignIn.expires_at < func.now() - timedelta(days=1)))
        await connection.execute(delete(PersonExport).where(PersonExport.expires_at < func.now()))
        await connection.execute(delete(ContactImportChunk).where(ContactImportChunk.import_id.in_(old)))


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
