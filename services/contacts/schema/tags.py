"""Tags, and who may put them where."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self, cast
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import Conditions, DateTimeFilter, IdFilter, StringFilter, by, condition, where
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.commands import tags as commands
from services.contacts.permissions import Rule
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, field, given, once, required

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@strawberry.type(name="Tag", description="A word that your organization puts on contacts and accounts.")
class TagType:
    """See model.Tag."""

    key: strawberry.Private[UUID]
    id: strawberry.ID = strawberry.field(description="TypeID, `tag_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="The word.")
    color: str = strawberry.field(description="What it is shown in: #RRGGBB.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(description="How many contacts have it, deleted ones aside.")
    async def contact_count(self, info: Info) -> int:
        """One statement for all."""
        return int(await info.context.load(queries.tagged_contacts, self.key))

    @strawberry.field(description="How many accounts have it, deleted ones aside.")
    async def account_count(self, info: Info) -> int:
        """One statement for all."""
        return int(await info.context.load(queries.tagged_accounts, self.key))

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.TAG."""
        told = {name: getattr(row, name) for name in ("version", "name", "color", "created_at", "updated_at")}
        return cls(key=row.id, id=strawberry.ID(format_id("tag", row.id)), **told)


@strawberry.input(description="Which tags. All the conditions given must hold.")
class TagFilter:
    """See TAGS."""

    id: IdFilter | None = condition("Which one.")
    name: StringFilter | None = condition("The word.")
    created_at: DateTimeFilter | None = condition("When it was made.")
    and_: list["TagFilter"] | None = condition("All of these hold.", name="and")
    or_: list["TagFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "TagFilter | None" = condition("This does not hold.", name="not")


class TagOrderField(StrEnum):
    """See COLUMNS."""

    NAME = "name"
    CREATED_AT = "created_at"


described(
    TagOrderField,
    "What tags can be ordered by.",
    NAME="The word, as a dictionary sorts.",
    CREATED_AT="When it was made.",
)
COLUMNS: Columns = {
    TagOrderField.NAME: (model.Tag.name_sort, False),
    TagOrderField.CREATED_AT: (model.Tag.created_at, False),
}


@strawberry.input(description="One term of an order of tags.")
class TagOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: TagOrderField = strawberry.field(description="By what.")


_CONDITIONS: Conditions = {
    "id": by(model.Tag.id, "tag"),
    "name": by(model.Tag.name),
    "created_at": by(model.Tag.created_at),
}
TAGS = Listing(queries.TAG, model.Tag.id, TagType.of, lambda filter: where(filter, _CONDITIONS), COLUMNS)


@strawberry.type
class TagQueries:
    """Fields of Query."""

    @strawberry.field(description="One tag; null if there is none.", extensions=reading())
    async def tag(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> TagType | None:
        """By id."""
        row = await info.context.load(queries.tags, parse_id("tag", id))
        return TagType.of(row) if row else None

    tags = list_field(
        lambda: TAGS,
        TagType,
        filter=TagFilter,
        order=TagOrder,
        description="Your organization's tags, a page at a time.",
        extensions=reading(),
    )


@strawberry.type(description="A tag is gone.")
class TagDeleted:
    """What deleting answers."""

    id: strawberry.ID = strawberry.field(description="The tag that was.")


TagResult = Annotated[
    TagType | CommonErrors, strawberry.union("TagResult", description="The tag, or why nothing was written.")
]
TagDeletedResult = Annotated[
    TagDeleted | CommonErrors, strawberry.union("TagDeletedResult", description="That it is gone, or why it is not.")
]


@strawberry.input(description="A new tag.")
class CreateTagInput(Write):
    """See commands.create_tag."""

    name: str = strawberry.field(description="The word.")
    color: str = strawberry.field(default=commands.DEFAULT_COLOR, description="What it is shown in: #RRGGBB.")


@strawberry.input(description="What to change of a tag; what is absent stays.")
class UpdateTagInput(Update):
    """See commands.update_tag."""

    name: str | None = field("The word.")
    color: str | None = field("What it is shown in: #RRGGBB.")


@strawberry.input(description="Which tag to delete.")
class DeleteTagInput(Update):
    """See commands.delete_tag."""


@strawberry.input(description="Which tag becomes which.")
class MergeTagsInput(Update):
    """See commands.merge_tags."""

    into_id: strawberry.ID = strawberry.field(description="The tag that stays, and is put on whatever had the other.")


def _color(value: str, name: str) -> str:
    if not _COLOR.fullmatch(value):
        raise InvalidInput(name, "Not a colour; write it as #1A7F37.")
    return value.upper()


def _values(input: CreateTagInput | UpdateTagInput) -> commands.TagValues:
    told = given(name=required(input.name, _name, "name"), color=required(input.color, _color, "color"))
    return cast("commands.TagValues", told)


def _name(value: str, name: str) -> str:
    told = text.line(value, name, most=commands.MAX_TAG_NAME)
    if not text.folded(told):
        raise InvalidInput(name, "It needs a letter or a digit.")
    return told


@strawberry.type
class TagMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Make a tag.", extensions=writing(Rule.MANAGE_TAGS))
    async def create_tag(
        self, info: Info, input: Annotated[CreateTagInput, strawberry.argument(description="The tag.")]
    ) -> TagResult:
        """See commands.create_tag."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.create_tag(work, _values(input), info.context.tools.max_tags)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Rename or recolour a tag.", extensions=writing(Rule.MANAGE_TAGS))
    async def update_tag(
        self, info: Info, input: Annotated[UpdateTagInput, strawberry.argument(description="What to change.")]
    ) -> TagResult:
        """See commands.update_tag."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.update_tag(work, parse_id("tag", input.id), _values(input), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Put another tag on whatever has this one, and delete this one.",
        extensions=writing(Rule.MANAGE_TAGS),
    )
    async def merge_tags(
        self, info: Info, input: Annotated[MergeTagsInput, strawberry.argument(description="Which ones.")]
    ) -> TagResult:
        """See commands.merge_tags."""

        async def act(work: UnitOfWork) -> UUID:
            id, into = parse_id("tag", input.id), parse_id("tag", input.into_id, "intoId")
            return await commands.merge_tags(work, id, into, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take a tag off whatever has it, and away.", extensions=writing(Rule.MANAGE_TAGS))
    async def delete_tag(
        self, info: Info, input: Annotated[DeleteTagInput, strawberry.argument(description="Which one.")]
    ) -> TagDeletedResult:
        """See commands.delete_tag."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.delete_tag(work, parse_id("tag", input.id), input.expected_version)

        return TagDeleted(id=strawberry.ID(format_id("tag", await once(info, input, act))))


async def _shown(info: Info, id: UUID) -> TagType:
    return TagType.of(await info.context.load(queries.tags, id))
