"""Rows to change: each is locked for the rest of the unit of work, so an aggregate's versions follow one another."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from services.contacts import model
from services.contacts.commands import history
from services.contacts.errors import CollaboratorDisabled
from services.contacts.values import DEFAULT_COUNTRY, Country

Row = TypeVar(
    "Row",
    model.Organization,
    model.Collaborator,
    model.Contact,
    model.Account,
    model.Interlocutor,
    model.Team,
    model.Group,
    model.Tag,
    model.CustomField,
)
Deletable = TypeVar("Deletable", model.Contact, model.Account, model.Team, model.Group, model.Interlocutor)


async def locked(work: UnitOfWork, table: type[Row], id: UUID, field: str = "id") -> Row:
    """A row to change. Raises NotFound naming the input field."""
    async with work.as_seen():
        row = await work.session.scalar(select(table).where(table.id == id).with_for_update())
    if row is None:
        raise NotFound(table.__tablename__, id, field)
    if isinstance(row, history.Recorded):
        history.watch(work, row)
    return row


async def locked_alive(work: UnitOfWork, table: type[Deletable], id: UUID, field: str = "id") -> Deletable:
    """A row to change that is not deleted. Raises NotFound or WrongState."""
    row = await locked(work, table, id, field)
    row.check_alive(field)
    return row


async def check_exists(
    work: UnitOfWork, table: str, id_of: InstrumentedAttribute[UUID], id: UUID | None, field: str
) -> None:
    """Raise NotFound unless a reference names a row of this organization; None names nothing."""
    if id is None:
        return
    async with work.as_seen():
        found = await work.session.scalar(select(id_of).where(id_of == id))
    if found is None:
        raise NotFound(table, id, field)


async def check_manager(work: UnitOfWork, id: UUID | None) -> None:
    """Raise NotFound unless a relationship manager is a collaborator of this organization."""
    await check_exists(work, "collaborator", model.Collaborator.id, id, "relationshipManagerId")


def in_sight(work: UnitOfWork, manager: UUID | None) -> UUID | None:
    """Who manages what is made: whoever sees only portfolios would lose sight of it if nobody did."""
    return work.actor.collaborator if manager is None and work.actor.portfolio is not None else manager


async def check_caller(work: UnitOfWork) -> None:
    """Raise CollaboratorDisabled where access was withdrawn since the caller's token was made."""
    columns = model.Collaborator
    disabled = select(columns.disabled_at).where(columns.id == work.actor.collaborator)
    if await work.session.scalar(disabled) is not None:
        raise CollaboratorDisabled


async def country_of(work: UnitOfWork) -> Country:
    """The country that the organization's telephone numbers are of."""
    columns = model.Organization
    found = await work.session.scalar(select(columns.country).where(columns.id == work.organization))
    return Country(found) if found else DEFAULT_COUNTRY
