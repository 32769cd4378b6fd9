"""Values of the fields that an organization adds to its deals."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Self

import strawberry
from sqlalchemy import Row, Select, literal, select
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.custom_fields import is_choice, on_custom_fields, plain_values
from chassis.graphql.known_fields import KnownFields
from chassis.identifiers import format_id
from services.deals.model import CustomField as Definition
from services.deals.model import Deal, DealCustomValue


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A field that your organization adds of its own."
)
class CustomField:
    """Owned by contacts, which knows its labels and options."""

    id: strawberry.ID = strawberry.field(description="TypeID, `custom_field_…`.")


@strawberry.type(name="DealCustomValue", description="A value of a field of yours: the one that its type fills.")
class CustomValueType:
    """See model.DealCustomValue."""

    field: CustomField = strawberry.field(description="Of which field.")
    key: str = strawberry.field(description="What the field is told and found by.")
    text: str | None = strawberry.field(description="Of a TEXT or a URL.")
    number: Decimal | None = strawberry.field(description="Of a NUMBER.")
    date: datetime.date | None = strawberry.field(description="Of a DATE.")
    boolean: bool | None = strawberry.field(description="Of a BOOLEAN.")
    choices: list[str] = strawberry.field(description="Of a CHOICE or a MULTI_CHOICE: keys of its options; else empty.")

    @classmethod
    def all_of(cls, rows: Iterable[Row[Any]]) -> list[Self]:
        """From rows of batches.custom_values_of_deal, those of one field together."""
        found: dict[str, Self] = {}
        for row in rows:
            value = found.get(row.key) or found.setdefault(row.key, cls._of(row))
            value.choices += [row.text] if is_choice(row) else []
        return [*found.values()]

    @classmethod
    def _of(cls, row: Row[Any]) -> Self:
        return cls(
            field=CustomField(id=strawberry.ID(format_id("custom_field", row.field_id))),
            key=row.key,
            **plain_values(row),
        )


def _field(key: str) -> Any:
    return select(Definition.id).where(Definition.key == key, Definition.deleted.is_(False)).scalar_subquery()


def _among(keys: Sequence[str]) -> Select[*tuple[Any, ...]]:
    columns = (literal("DEAL").label("subject"), Definition.key, Definition.type)
    return select(*columns).where(Definition.key.in_(keys), Definition.deleted.is_(False))


KNOWN_FIELDS = KnownFields(_among).of("DEAL")
"""Refuses conditions of fields that the organization does not have; of every list whose filter can name one."""
ON_CUSTOM_FIELDS = on_custom_fields(DealCustomValue, DealCustomValue.deal_id == Deal.id, _field)
