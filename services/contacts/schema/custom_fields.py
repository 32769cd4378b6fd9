"""Custom fields: their definitions, and their values on contacts and accounts."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.custom_fields import is_choice, plain_values
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Conditions,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.model import CustomFieldSubject, CustomFieldType
from services.contacts.schema.rules import reading

described(
    CustomFieldType,
    "What a custom field's values are.",
    TEXT="One line of text.",
    NUMBER="A number: 12 digits before the point, 6 decimals.",
    DATE="A day.",
    BOOLEAN="Yes or no.",
    CHOICE="One of its options.",
    MULTI_CHOICE="Some of its options.",
    URL="An address on the web.",
)
described(
    CustomFieldSubject,
    "What a custom field is of.",
    CONTACT="Contacts.",
    ACCOUNT="Accounts.",
    DEAL="Deals.",
)


@strawberry.type(description="One of the values of a choice.")
class CustomFieldOption:
    """See commands.custom_fields.Option."""

    key: str = strawberry.field(description="What it is told and found by.")
    label_fr: str = strawberry.field(description="What it is called in French.")
    label_en: str = strawberry.field(description="What it is called in English.")
    archived: bool = strawberry.field(description="Whether it is chosen no more.")

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From an option as it is kept."""
        return cls(**told)


@strawberry.federation.type(
    name="CustomField", keys=["id"], description="A field that your organization adds of its own."
)
class CustomFieldDefinition:
    """See model.CustomField."""

    id: strawberry.ID = strawberry.field(description="TypeID, `custom_field_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    subject: CustomFieldSubject = strawberry.field(description="What it is of.")
    key: str = strawberry.field(description="What it is told and found by; it never changes.")
    label_fr: str = strawberry.field(description="What it is called in French.")
    label_en: str = strawberry.field(description="What it is called in English.")
    type: CustomFieldType = strawberry.field(description="What its values are.")
    required: bool = strawberry.field(description="Whether whoever is added needs a value of it.")
    position: int = strawberry.field(description="Where it stands among the others.")
    options: list[CustomFieldOption] = strawberry.field(description="The options of a choice, in their order.")
    archived_at: datetime.datetime | None = strawberry.field(
        description="When it was archived, if it was; it keeps its values, and takes no new ones."
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.CUSTOM_FIELD."""
        names = ("subject", "key", "label_fr", "label_en", "type", "required", "position", "archived_at")
        told = {name: getattr(row, name) for name in names}
        options = [CustomFieldOption.of(each) for each in row.options]
        id = strawberry.ID(format_id("custom_field", row.id))
        return cls(id=id, version=row.version, options=options, **told)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await info.context.load(queries.custom_fields, parse_id("custom_field", id))
        return cls.of(row) if row else None


@strawberry.type(description="A value of a custom field: the one of these fields that its type fills.")
class CustomValue:
    """See model.CustomValue."""

    field: CustomFieldDefinition = strawberry.field(description="Of which field.")
    text: str | None = strawberry.field(description="Of a TEXT or a URL.")
    number: Decimal | None = strawberry.field(description="Of a NUMBER.")
    date: datetime.date | None = strawberry.field(description="Of a DATE.")
    boolean: bool | None = strawberry.field(description="Of a BOOLEAN.")
    choices: list[CustomFieldOption] = strawberry.field(description="Of a CHOICE or a MULTI_CHOICE; else empty.")

    @classmethod
    def all_of(cls, rows: Iterable[Row[Any]]) -> list[Self]:
        """From rows of queries.contact_custom_values or account_custom_values, those of one field together."""
        found: dict[str, Self] = {}
        for row in rows:
            value = found.get(row.key) or found.setdefault(row.key, cls._of(row))
            value.choices += [option for option in value.field.options if is_choice(row) and option.key == row.text]
        return [*found.values()]

    @classmethod
    def _of(cls, row: Row[Any]) -> Self:
        return cls(field=CustomFieldDefinition.of(row), **plain_values(row))


@strawberry.input(description="Which custom fields. All the conditions given must hold.")
class CustomFieldFilter:
    """See CUSTOM_FIELDS."""

    id: IdFilter | None = condition("Which one.")
    subject: ChoiceFilter[CustomFieldSubject] | None = condition("What it is of.")
    key: StringFilter | None = condition("What it is told and found by.")
    type: ChoiceFilter[CustomFieldType] | None = condition("What its values are.")
    required: BooleanFilter | None = condition("Whether it is required.")
    archived: bool | None = condition("True for the archived ones only, false for the others.")
    and_: list["CustomFieldFilter"] | None = condition("All of these hold.", name="and")
    or_: list["CustomFieldFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "CustomFieldFilter | None" = condition("This does not hold.", name="not")


_FIELD = model.CustomField
_CONDITIONS: Conditions = {
    "id": by(_FIELD.id, "custom_field"),
    "subject": by(_FIELD.subject),
    "key": by(_FIELD.key),
    "type": by(_FIELD.type),
    "required": by(_FIELD.required),
    "archived": lambda wanted: [_FIELD.archived_at.is_not(None) if wanted else _FIELD.archived_at.is_(None)],
}


class CustomFieldOrderField(StrEnum):
    """See _COLUMNS."""

    POSITION = "position"
    KEY = "key"


described(
    CustomFieldOrderField,
    "What custom fields can be ordered by.",
    POSITION="Where it stands among the others.",
    KEY="What it is told and found by.",
)
_COLUMNS: Columns = {
    CustomFieldOrderField.POSITION: (_FIELD.position, False),
    CustomFieldOrderField.KEY: (_FIELD.key, False),
}


@strawberry.input(description="One term of an order of custom fields.")
class CustomFieldOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: CustomFieldOrderField = strawberry.field(description="By what.")


CUSTOM_FIELDS = Listing(
    queries.CUSTOM_FIELD,
    _FIELD.id,
    CustomFieldDefinition.of,
    lambda filter: where(filter, _CONDITIONS),
    _COLUMNS,
)


@strawberry.type
class CustomFieldQueries:
    """Fields of Query."""

    @strawberry.field(description="One custom field; null if there is none.", extensions=reading())
    async def custom_field(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> CustomFieldDefinition | None:
        """By id."""
        row = await info.context.load(queries.custom_fields, parse_id("custom_field", id))
        return CustomFieldDefinition.of(row) if row else None

    custom_fields = list_field(
        lambda: CUSTOM_FIELDS,
        CustomFieldDefinition,
        filter=CustomFieldFilter,
        order=CustomFieldOrder,
        description="Your organization's custom fields, a page at a time.",
        extensions=reading(),
    )
