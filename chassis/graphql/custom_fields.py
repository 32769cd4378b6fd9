"""Custom fields in inputs and answers: values written and read, conditions in filters. The same in every subgraph."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Row, exists, not_
from strawberry import UNSET

from chassis.custom_fields import CHOICES, CustomFieldType, Told, millionths, number
from chassis.graphql.filters import (
    BooleanFilter,
    Clauses,
    Condition,
    DateFilter,
    DecimalFilter,
    StringFilter,
    by,
    condition,
)


def is_choice(row: Row[Any]) -> bool:
    """Whether a value's row holds the key of an option."""
    return CustomFieldType(row.type) in CHOICES


def plain_values(row: Row[Any]) -> dict[str, Any]:
    """What a value's row holds but for choices, by the fields of the schema's type; those are filled row by row."""
    return {
        "text": None if is_choice(row) else row.text,
        "number": None if row.millionths is None else number(row.millionths),
        "date": row.day,
        "boolean": row.truth,
        "choices": [],
    }


@strawberry.input(description="A value of a custom field: the one that its type takes; none takes the value away.")
class CustomValueInput:
    """See chassis.custom_fields.Told."""

    key: str = strawberry.field(description="Of which field.")
    text: str | None = strawberry.field(default=None, description="Of a TEXT or a URL: at most 500 characters.")
    number: Decimal | None = strawberry.field(default=None, description="Of a NUMBER.")
    date: datetime.date | None = strawberry.field(default=None, description="Of a DATE.")
    boolean: bool | None = strawberry.field(default=None, description="Of a BOOLEAN.")
    choices: list[str] | None = strawberry.field(default=None, description="Of a CHOICE or MULTI_CHOICE: keys.")

    def told(self) -> Told:
        """As it is parsed."""
        return Told(self.key, self.text, self.number, self.date, self.boolean, self.choices)


@strawberry.input(
    description="What holds for a custom field; give the condition that its type takes. An unknown one may be refused."
)
class CustomFieldCondition:
    """See on_custom_fields."""

    key: str = strawberry.field(description="Which field.")
    text: StringFilter | None = condition("Its text, its address, or any of the options chosen, by key.")
    number: DecimalFilter | None = condition("Its number.")
    date: DateFilter | None = condition("Its day.")
    boolean: BooleanFilter | None = condition("Its yes or no.")
    is_null: bool | None = condition("Whether there is no value.")


def on_custom_fields(table: Any, owner: ColumnElement[bool], field: Callable[[str], Any]) -> Condition:
    """The condition of a list of CustomFieldCondition, all of which must hold. Raises InvalidInput.

    `owner` ties the values' table to the listed rows; `field` is the id of the field of a key, as a subquery.
    """

    def having(key: str, clauses: Sequence[Any]) -> Any:
        return exists().where(owner, table.field_id == field(key), *clauses)

    def clauses(told: Sequence[CustomFieldCondition]) -> Clauses:
        return [clause for each in told for clause in _clauses(each, table, having)]

    return clauses


def _clauses(told: CustomFieldCondition, table: Any, having: Callable[[str, Sequence[Any]], Any]) -> Clauses:
    parts: tuple[tuple[Any, Any], ...] = (
        (table.text, told.text),
        (table.millionths, _scaled(told.number)),
        (table.day, told.date),
        (table.truth, told.boolean),
    )
    found = [clause for column, part in parts if part for clause in by(column)(part)]
    clauses: Clauses = [having(told.key, found)] if found else []
    if isinstance(told.is_null, bool):
        any_value = having(told.key, [])
        clauses.append(not_(any_value) if told.is_null else any_value)
    return clauses


def _scaled(told: DecimalFilter | None) -> DecimalFilter | None:
    """As numbers are kept. Raises InvalidInput for one with too many digits."""
    if not told:
        return None
    return replace(told, **{field.name: _kept(getattr(told, field.name)) for field in fields(told)})


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(each) for each in value]
    return millionths(value, "filter") if isinstance(value, Decimal) and value is not UNSET else value
