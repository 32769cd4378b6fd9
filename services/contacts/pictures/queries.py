"""Pictures, read: what is needed to show their addresses, and the bytes of one size."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from chassis.database import ReadSession
from services.contacts.model import Picture, PictureRendition

Renditions = Sequence[Row[Any]]
EXPORTED_SIDE = 320


async def photos_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Renditions]:
    """The sizes of contacts' photos, the largest first."""
    return await _of(read, Picture.contact_id, ids)


async def photos_of_collaborators(read: ReadSession, ids: Sequence[UUID]) -> list[Renditions]:
    """The sizes of collaborators' photos, the largest first."""
    return await _of(read, Picture.collaborator_id, ids)


async def logos_of_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[Renditions]:
    """The sizes of accounts' logos, the largest first."""
    return await _of(read, Picture.account_id, ids)


async def contents_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The photos of contacts, in the size that goes into a vCard."""
    statement = (
        select(Picture.contact_id, PictureRendition.content)
        .join(PictureRendition, PictureRendition.picture_id == Picture.id)
        .where(Picture.contact_id.in_(ids), PictureRendition.side == EXPORTED_SIDE)
    )
    return {row.contact_id: row.content for row in await read.rows(statement)}


async def rendition(read: ReadSession, picture: UUID, side: int) -> Row[Any] | None:
    """The bytes of one size, and the key that its addresses are signed with."""
    statement = (
        select(Picture.key, PictureRendition.content)
        .join(PictureRendition, PictureRendition.picture_id == Picture.id)
        .where(Picture.id == picture, PictureRendition.side == side)
    )
    return await read.first(statement)


async def _of(read: ReadSession, owner: InstrumentedAttribute[UUID | None], ids: Sequence[UUID]) -> list[Renditions]:
    size = PictureRendition
    statement = (
        select(
            owner.label("owner"), Picture.id, Picture.organization_id, Picture.key, size.side, size.width, size.height
        )
        .join(size, size.picture_id == Picture.id)
        .where(owner.in_(ids))
        .order_by(size.side.desc())
    )
    found: dict[UUID, list[Row[Any]]] = {id: [] for id in ids}
    for row in await read.rows(statement):
        found[row.owner].append(row)
    return [found[id] for id in ids]
