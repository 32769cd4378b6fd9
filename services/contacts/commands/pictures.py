"""Giving a contact, a collaborator or an account its picture, and taking it away."""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidId
from chassis.identifiers import format_id, kind_of, new_id, parse_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import locked, locked_alive
from services.contacts.model import Picture, PictureRendition

_KEY_BYTES = 32
OWNERS = {"contact": Picture.contact_id, "collaborator": Picture.collaborator_id, "account": Picture.account_id}

_HISTORISED = {"contact": model.Contact, "account": model.Account}


class Rendition(Protocol):
    """One size of a picture, as it is shown."""

    @property
    def side(self) -> int:
        """The side of the square it fits in, in pixels."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def content(self) -> bytes:
        """A JPEG."""


def owner_of(id: str, field: str = "ownerId") -> tuple[str, UUID]:
    """Kind and id of what may have a picture. Raises InvalidId."""
    kind = kind_of(id)
    if kind not in OWNERS:
        raise InvalidId(field, id, "contact")
    return kind, parse_id(kind, id, field)


async def set_picture(
    work: UnitOfWork, kind: str, id: UUID, renditions: Sequence[Rendition], expected: int | None
) -> UUID:
    """Give a picture, instead of the one there was. Raises NotFound, WrongState, Forbidden, VersionConflict."""
    await _change_owner(work, kind, id, expected)
    before = await _drop(work, kind, id)
    picture = await add_picture(work, kind, id, renditions)
    await _record(work, kind, id, before, picture)
    return picture


async def add_picture(work: UnitOfWork, kind: str, id: UUID, renditions: Sequence[Rendition]) -> UUID:
    """The picture of an owner that has none, and is told of by whoever made it."""
    picture = Picture(
        **{OWNERS[kind].key: id},
        id=new_id(),
        organization_id=work.organization,
        key=secrets.token_bytes(_KEY_BYTES),
        created_at=work.now,
        created_by_id=work.actor.collaborator,
    )
    work.session.add(picture)
    await work.session.flush()
    own = {"organization_id": work.organization, "picture_id": picture.id}
    work.session.add_all(
        PictureRendition(**own, side=each.side, width=each.width, height=each.height, content=each.content)
        for each in renditions
    )
    await work.session.flush()
    return picture.id


async def remove_picture(work: UnitOfWork, kind: str, id: UUID, expected: int | None) -> UUID:
    """Take a picture away; where there is none, nothing changes. Raises as set_picture."""
    await _change_owner(work, kind, id, expected)
    await _record(work, kind, id, await _drop(work, kind, id), None)
    return id


async def _drop(work: UnitOfWork, kind: str, id: UUID) -> UUID | None:
    return await work.session.scalar(delete(Picture).where(OWNERS[kind] == id).returning(Picture.id))


async def _record(work: UnitOfWork, kind: str, id: UUID, before: UUID | None, after: UUID | None) -> None:
    """A contact's and an account's history tells that the picture changed; which one it was is gone."""
    if kind in _HISTORISED:
        row: Any = await work.session.get_one(_HISTORISED[kind], id)
        told = [None if each is None else format_id("picture", each) for each in (before, after)]
        await history.record(work, row, more=[history.Change("photo", *told)])


async def _change_owner(work: UnitOfWork, kind: str, id: UUID, expected: int | None) -> None:
    """A picture is part of what it shows: it gives its owner another version."""
    if kind == "contact":
        contact = await locked_alive(work, model.Contact, id, "ownerId")
        contact.change(expected, work.now, {})
        await work.emit(events.contact_changed(contact))
    elif kind == "account":
        account = await locked_alive(work, model.Account, id, "ownerId")
        account.change(expected, work.now, {})
        await work.emit(events.account_changed(account))
    else:
        collaborator = await locked(work, model.Collaborator, id, "ownerId")
        if work.actor.collaborator != id and work.actor.role is not Role.ADMIN:
            raise Forbidden("change a colleague's photo")
        collaborator.change(expected, work.now, {})
        await work.emit(events.collaborator_changed(collaborator))


@dataclass(frozen=True, slots=True)
class _Thawed:
    side: int
    width: int
    height: int
    content: bytes


def frozen_picture(renditions: Iterable[Rendition]) -> list[dict[str, Any]]:
    """Renditions as JSON, where they wait for their owner."""
    return [
        {name: getattr(each, name) for name in ("side", "width", "height")}
        | {"content": base64.b64encode(each.content).decode()}
        for each in renditions
    ]


def thawed_picture(told: Iterable[Mapping[str, Any]]) -> list[Rendition]:
    """The renditions that `frozen_picture` made this of."""
    return [_Thawed(**{**each, "content": base64.b64decode(each["content"])}) for each in told]
