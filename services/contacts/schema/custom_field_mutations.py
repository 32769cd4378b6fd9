"""Writing custom fields: input types, their parsing, the mutations."""

import re
from typing import Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.contacts import queries
from services.contacts.commands import custom_fields as commands
from services.contacts.model import CustomFieldSubject, CustomFieldType
from services.contacts.permissions import Rule
from services.contacts.schema.custom_fields import CustomFieldDefinition
from services.contacts.schema.part_inputs import several
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Update, Write, field, given, once, required

MAX_LABEL = 100
MAX_POSITION = 10_000
_KEY = re.compile(r"[a-z][a-zA-Z0-9_]{0,39}")


@strawberry.input(description="One of the values of a choice.")
class CustomFieldOptionInput:
    """See commands.Option."""

    key: str = strawberry.field(description="What it is told and found by: letters, digits and _, at most 40.")
    label_fr: str = strawberry.field(description="What it is called in French.")
    label_en: str = strawberry.field(description="What it is called in English.")
    archived: bool = strawberry.field(default=False, description="Whether it is chosen no more.")


@strawberry.input(description="What a custom field has.")
class CustomFieldInput:
    """What defining and changing share."""

    required: bool | None = field("Whether whoever is added needs a value of it.")
    position: int | None = field("Where it stands among the others: 0 to 10,000.")
    options: list[CustomFieldOptionInput] | None = field("The options of a choice; they replace those there were.")


@strawberry.input(description="A new custom field.")
class CreateCustomFieldInput(CustomFieldInput, Write):
    """See commands.create_custom_field."""

    subject: CustomFieldSubject = strawberry.field(description="What it is of.")
    key: str = strawberry.field(description="What it is told and found by: letters, digits and _, at most 40.")
    label_fr: str = strawberry.field(description="What it is called in French.")
    label_en: str = strawberry.field(description="What it is called in English.")
    type: CustomFieldType = strawberry.field(description="What its values are.")


@strawberry.input(description="What to change of a custom field; what is absent stays.")
class UpdateCustomFieldInput(CustomFieldInput, Update):
    """See commands.update_custom_field."""

    label_fr: str | None = field("What it is called in French.")
    label_en: str | None = field("What it is called in English.")
    type: CustomFieldType | None = field("What its values are; it must have none.")
    archived: bool | None = field("True archives it: values stay, new ones are refused. False takes it back.")


@strawberry.input(description="Which custom field to delete: one without values.")
class DeleteCustomFieldInput(Update):
    """See commands.delete_custom_field."""


@strawberry.type(description="A custom field is gone.")
class CustomFieldDeleted:
    """What deleting answers."""

    id: strawberry.ID = strawberry.field(description="The field that was.")


CustomFieldResult = Annotated[
    CustomFieldDefinition | CommonErrors,
    strawberry.union("CustomFieldResult", description="The field, or why nothing was written."),
]
CustomFieldDeletedResult = Annotated[
    CustomFieldDeleted | CommonErrors,
    strawberry.union("CustomFieldDeletedResult", description="That it is gone, or why it is not."),
]


def _key(value: str, path: str) -> str:
    if not _KEY.fullmatch(value):
        raise InvalidInput(path, "Begin with a small letter; letters, digits and _ follow, 40 at most: companySize.")
    return value


def _label(value: str, path: str) -> str:
    return text.line(value, path, most=MAX_LABEL)


def _option(item: CustomFieldOptionInput, path: str) -> commands.Option:
    return commands.Option(
        key=_key(item.key, f"{path}.key"),
        label_fr=_label(item.label_fr, f"{path}.labelFr"),
        label_en=_label(item.label_en, f"{path}.labelEn"),
        archived=item.archived,
    )


def _position(value: Any, path: str) -> Any:
    if not 0 <= value <= MAX_POSITION:
        raise InvalidInput(path, f"Give a number from 0 to {MAX_POSITION}.")
    return value


def _same(value: Any, _: str) -> Any:
    return value


def _values(input: CreateCustomFieldInput | UpdateCustomFieldInput) -> commands.FieldValues:
    options = several(input.options, "options", _option, commands.MAX_OPTIONS)
    told = given(
        label_fr=required(input.label_fr, _label, "labelFr"),
        label_en=required(input.label_en, _label, "labelEn"),
        type=required(input.type, _same, "type"),
        required=required(input.required, _same, "required"),
        position=required(input.position, _position, "position"),
        options=UNSET if options is None else options,
    )
    return cast("commands.FieldValues", told)


@strawberry.type
class CustomFieldMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Define a custom field.", extensions=writing(Rule.MANAGE_CUSTOM_FIELDS))
    async def create_custom_field(
        self, info: Info, input: Annotated[CreateCustomFieldInput, strawberry.argument(description="The field.")]
    ) -> CustomFieldResult:
        """See commands.create_custom_field."""

        async def act(work: UnitOfWork) -> UUID:
            missing = commands.FieldValues(required=False, position=0, options=[])
            values = cast("commands.FieldValues", {**missing, **_values(input)})
            key, most = _key(input.key, "key"), info.context.tools.max_custom_fields
            return await commands.create_custom_field(work, input.subject, key, values, most)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Change a custom field, archive it or take it back.",
        extensions=writing(Rule.MANAGE_CUSTOM_FIELDS),
    )
    async def update_custom_field(
        self, info: Info, input: Annotated[UpdateCustomFieldInput, strawberry.argument(description="What to change.")]
    ) -> CustomFieldResult:
        """See commands.update_custom_field."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("custom_field", input.id)
            archived = input.archived if isinstance(input.archived, bool) else None
            return await commands.update_custom_field(work, id, _values(input), archived, input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Delete a custom field that has no values.", extensions=writing(Rule.MANAGE_CUSTOM_FIELDS)
    )
    async def delete_custom_field(
        self, info: Info, input: Annotated[DeleteCustomFieldInput, strawberry.argument(description="Which one.")]
    ) -> CustomFieldDeletedResult:
        """See commands.delete_custom_field."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.delete_custom_field(work, parse_id("custom_field", input.id), input.expected_version)

        return CustomFieldDeleted(id=strawberry.ID(format_id("custom_field", await once(info, input, act))))


async def _shown(info: Info, id: UUID) -> CustomFieldDefinition:
    return CustomFieldDefinition.of(await info.context.load(queries.custom_fields, id))
