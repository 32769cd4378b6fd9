"""Cards, links and exchanges, read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select

from chassis.database import Database, ReadSession
from chassis.links import hash_of, looks_like_token
from services.contacts.commands.exchanges import Opened
from services.contacts.model import (
    BusinessCard,
    CardExchange,
    CardLink,
    Collaborator,
    Organization,
    Picture,
    PictureRendition,
)
from services.contacts.queries import rows_of_each
from services.contacts.values import Country

NO_ORGANIZATION = UUID(int=0)
CARD = select(
    BusinessCard.id,
    BusinessCard.version,
    BusinessCard.collaborator_id,
    BusinessCard.label,
    BusinessCard.locale,
    BusinessCard.content,
    BusinessCard.shows_photo,
    BusinessCard.created_at,
    BusinessCard.updated_at,
    BusinessCard.deleted_at,
)
LINK = select(CardLink.id, CardLink.card_id, CardLink.created_at, CardLink.expires_at, CardLink.revoked_at)
EXCHANGE = select(
    CardExchange.id,
    CardExchange.version,
    CardExchange.side,
    CardExchange.state,
    CardExchange.collaborator_id,
    CardExchange.card_id,
    CardExchange.contact_id,
    CardExchange.peer,
    CardExchange.offered,
    CardExchange.message,
    CardExchange.visitor_hash,
    CardExchange.created_at,
    CardExchange.updated_at,
    CardExchange.expires_at,
    CardExchange.answered_at,
    CardExchange.ended_at,
    CardExchange.ended_by_peer,
)


async def cards(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Cards by id, deleted ones included."""
    return await read.by_key(CARD, BusinessCard.id, ids)


async def links(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Links by id."""
    return await read.by_key(LINK, CardLink.id, ids)


async def exchanges(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Exchanges by id."""
    return await read.by_key(EXCHANGE, CardExchange.id, ids)


async def exchanges_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Sequence[Row[Any]]]:
    """The exchanges by which contacts came, newest last."""
    return await rows_of_each(read, EXCHANGE.order_by(CardExchange.id), CardExchange.contact_id, ids)


async def link_of(database: Database, token: str, now: datetime) -> tuple[Opened | None, bool]:
    """What a link's token opens, and whether the token was ever a link's: a revoked one opens nothing."""
    found = await _found(database, token, func.card_link_found)
    if found is None:
        return None, False
    columns = CardLink
    statement = (
        select(columns.card_id, columns.expires_at, columns.revoked_at, BusinessCard.collaborator_id)
        .join(BusinessCard, BusinessCard.id == columns.card_id)
        .join(Collaborator, Collaborator.id == BusinessCard.collaborator_id)
        .where(columns.id == found.id, BusinessCard.deleted_at.is_(None), Collaborator.disabled_at.is_(None))
    )
    async with database.read(found.organization_id) as read:
        row = await read.first(statement)
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None, True
    return Opened(found.organization_id, found.id, row.card_id, row.collaborator_id), True


async def visit_of(database: Database, token: str) -> tuple[UUID, UUID] | None:
    """The organization and the id of the exchange that a visitor follows by a token."""
    found = await _found(database, token, func.card_visit_found)
    return None if found is None else (found.organization_id, found.id)


def shown_card(id: UUID) -> Select[*tuple[Any, ...]]:
    """A card as its page shows it; `photo` tells whether there is one to show."""
    has_photo = exists().where(Picture.collaborator_id == BusinessCard.collaborator_id)
    columns = (BusinessCard.locale, BusinessCard.content, BusinessCard.updated_at)
    photo = (BusinessCard.shows_photo & has_photo).label("photo")
    return select(*columns, photo).where(BusinessCard.id == id, BusinessCard.deleted_at.is_(None))


async def country(read: ReadSession) -> Country:
    """The country that an organization's telephone numbers are of."""
    return Country(await read.scalar(select(Organization.country)))


async def photo_of_collaborator(read: ReadSession, id: UUID, side: int) -> bytes | None:
    """The bytes of a collaborator's photo."""
    statement = (
        select(PictureRendition.content)
        .join(Picture, Picture.id == PictureRendition.picture_id)
        .where(Picture.collaborator_id == id, PictureRendition.side == side)
    )
    found: bytes | None = await read.scalar(statement)
    return found


async def _found(database: Database, token: str, function: Any) -> Row[Any] | None:
    if not looks_like_token(token):
        return None
    told = function(hash_of(token)).table_valued("organization_id", "id")
    async with database.read(NO_ORGANIZATION) as read:
        return await read.first(select(told.c.organization_id, told.c.id))
