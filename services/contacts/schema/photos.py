"""Photo: the picture of a contact, a collaborator or an account, and the mutations that set it."""

import base64
import binascii
from enum import Enum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id
from services.contacts.commands import pictures as commands
from services.contacts.importing import transfers
from services.contacts.model import TransferPurpose
from services.contacts.permissions import Rule, check
from services.contacts.pictures import queries
from services.contacts.pictures.addresses import path_of
from services.contacts.pictures.errors import PictureRefused
from services.contacts.pictures.preparing import MAX_BYTES, MAX_INLINE_BYTES, SIDES
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Write, once

_BATCHES = {
    "contact": queries.photos_of_contacts,
    "collaborator": queries.photos_of_collaborators,
    "account": queries.logos_of_accounts,
}
_RULES = {"contact": Rule.WRITE_CONTACTS, "collaborator": Rule.SET_OWN_PHOTO, "account": Rule.WRITE_ACCOUNTS}


@strawberry.enum(description="How large a photo is shown: it fits in a square of so many pixels.")
class PhotoSize(Enum):
    """Sides of pictures.preparing.SIDES."""

    LARGE = strawberry.enum_value(SIDES[0], description="1024 pixels.")
    MEDIUM = strawberry.enum_value(SIDES[1], description="320 pixels.")
    SMALL = strawberry.enum_value(SIDES[2], description="96 pixels.")


Size = Annotated[PhotoSize, strawberry.argument(description="How large.")]


@strawberry.type(description="A photo or logo: a JPEG, upright, without the metadata of the file it came from.")
class Photo:
    """See model.Picture."""

    rows: strawberry.Private[list[Row[Any]]]

    @strawberry.field(
        description="Where it is, for whoever has the address, for a day or two. Relative where it begins with /."
    )
    def url(self, info: Info, size: Size = PhotoSize.MEDIUM) -> str:
        """Signed; the same all day, so that a cache helps."""
        row = self._of(size)
        path = path_of(row.organization_id, row.id, row.side, row.key, info.context.database.clock())
        return f"{info.context.tools.public_url}{path}"

    @strawberry.field(description="Pixels across.")
    def width(self, size: Size = PhotoSize.MEDIUM) -> int:
        """Of this size."""
        return int(self._of(size).width)

    @strawberry.field(description="Pixels from top to bottom.")
    def height(self, size: Size = PhotoSize.MEDIUM) -> int:
        """Of this size."""
        return int(self._of(size).height)

    def _of(self, size: PhotoSize) -> Row[Any]:
        return next((row for row in self.rows if row.side == size.value), self.rows[0])

    @classmethod
    async def load(cls, info: Info, kind: str, id: UUID) -> Self | None:
        """The picture of an owner, gathered with the others that are asked for at the same time."""
        rows = await info.context.load(_BATCHES[kind], id)
        return cls(rows=list(rows)) if rows else None


@strawberry.type(description="Whose photo was set or taken away, and the photo.")
class PhotoChange:
    """What a mutation on a photo answers."""

    owner_id: strawberry.ID = strawberry.field(description="The contact, collaborator or account.")
    photo: Photo | None = strawberry.field(description="Its photo now.")


@strawberry.type(description="Where to send a photo.")
class PhotoUpload:
    """See transfers.issue."""

    upload_url: str = strawberry.field(
        description="PUT the picture's bytes here, within an hour; relative where it begins with /."
    )
    max_bytes: int = strawberry.field(description="The largest picture that is taken.")


PhotoResult = Annotated[
    PhotoChange | CommonErrors, strawberry.union("PhotoResult", description="The photo, or why it was not taken.")
]
PhotoUploadResult = Annotated[
    PhotoUpload | CommonErrors, strawberry.union("PhotoUploadResult", description="Where to, or why nowhere.")
]


@strawberry.input(description="A photo, sent within the mutation.")
class SetPhotoInput(Write):
    """See commands.pictures.set_picture."""

    owner_id: strawberry.ID = strawberry.field(description="The contact, collaborator or account.")
    content: str = strawberry.field(
        description="A JPEG, PNG or WebP of at most 600 KB, as base64; startPhotoUpload takes larger ones."
    )
    expected_version: int | None = strawberry.field(default=None, description="The owner's version that you saw.")


@strawberry.input(description="Whose photo to take away.")
class RemovePhotoInput(Write):
    """See commands.pictures.remove_picture."""

    owner_id: strawberry.ID = strawberry.field(description="The contact, collaborator or account.")
    expected_version: int | None = strawberry.field(default=None, description="The owner's version that you saw.")


@strawberry.input(description="Whose photo will be sent.")
class StartPhotoUploadInput:
    """See transfers.issue."""

    owner_id: strawberry.ID = strawberry.field(description="The contact, collaborator or account.")


def inline_content(text: str, field: str) -> bytes:
    """The bytes of a base64 field. Raises PictureRefused."""
    if len(text) > MAX_INLINE_BYTES * 4 // 3 + 4:
        raise PictureRefused("TOO_LARGE_INLINE", field)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureRefused("NOT_BASE64", field) from error


@strawberry.type
class PhotoMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Set the photo of a contact, a collaborator (your own, unless you are an administrator), "
        "or the logo of an account.",
        extensions=writing(Rule.SET_OWN_PHOTO),
    )
    async def set_photo(
        self, info: Info, input: Annotated[SetPhotoInput, strawberry.argument(description="Whose, and the picture.")]
    ) -> PhotoResult:
        """See commands.pictures.set_picture."""
        kind, id = _owner(info, input.owner_id)
        prepared = await info.context.tools.pictures.one(inline_content(input.content, "content"))

        async def act(work: UnitOfWork) -> UUID:
            await commands.set_picture(work, kind, id, prepared.renditions, input.expected_version)
            return id

        await once(info, input, act)
        return await _change(info, kind, id)

    @strawberry.mutation(description="Take a photo or logo away.", extensions=writing(Rule.SET_OWN_PHOTO))
    async def remove_photo(
        self, info: Info, input: Annotated[RemovePhotoInput, strawberry.argument(description="Whose.")]
    ) -> PhotoResult:
        """See commands.pictures.remove_picture."""
        kind, id = _owner(info, input.owner_id)
        await once(info, input, lambda work: commands.remove_picture(work, kind, id, input.expected_version))
        return await _change(info, kind, id)

    @strawberry.mutation(
        description="Where to send a photo over HTTP: up to 15 MB, as a telephone takes it.",
        extensions=writing(Rule.SET_OWN_PHOTO),
    )
    async def start_photo_upload(
        self, info: Info, input: Annotated[StartPhotoUploadInput, strawberry.argument(description="Whose.")]
    ) -> PhotoUploadResult:
        """See transfers.issue."""
        kind, id = _owner(info, input.owner_id)
        async with info.context.unit_of_work() as work:
            ticket = await transfers.issue(work, TransferPurpose.PHOTO, {"owner": format_id(kind, id)})
        url = f"{info.context.tools.public_url}/transfers/photo/{ticket}"
        return PhotoUpload(upload_url=url, max_bytes=MAX_BYTES)


def _owner(info: Info, text: str) -> tuple[str, UUID]:
    kind, id = commands.owner_of(text)
    check(info.context.actor, _RULES[kind])
    return kind, id


async def _change(info: Info, kind: str, id: UUID) -> PhotoChange:
    return PhotoChange(owner_id=strawberry.ID(format_id(kind, id)), photo=await Photo.load(info, kind, id))
