"""Typed filters: `eq neq in gt gte lt lte contains startsWith isNull`, shared by the three schemas."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, SQLColumnExpression, false
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.identifiers import parse_id

MAX_VALUES = 200


def _condition(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=UNSET, name=name, description=description)


@strawberry.input(description="A condition on a text. Case is kept by eq, neq and in, and ignored by the others.")
class StringFilter:
    """All the conditions given must hold."""

    eq: str | None = _condition("Exactly this.")
    neq: str | None = _condition("Anything but this, nothing included.")
    in_: list[str] | None = _condition("One of these, at most 200.", name="in")
    contains: str | None = _condition("Has this within.")
    starts_with: str | None = _condition("Begins with this.")
    is_null: bool | None = _condition("Whether there is no value.")


@strawberry.input(description="A condition on an id.")
class IdFilter:
    """All the conditions given must hold."""

    eq: strawberry.ID | None = _condition("This one.")
    in_: list[strawberry.ID] | None = _condition("One of these, at most 200.", name="in")
    is_null: bool | None = _condition("Whether there is none.")


@strawberry.input(description="A condition on a moment.")
class DateTimeFilter:
    """All the conditions given must hold."""

    gt: datetime | None = _condition("After this moment.")
    gte: datetime | None = _condition("At this moment or after.")
    lt: datetime | None = _condition("Before this moment.")
    lte: datetime | None = _condition("At this moment or before.")
    is_null: bool | None = _condition("Whether there is none.")


@strawberry.input(description="A condition on a yes or no.")
class BooleanFilter:
    """All the conditions given must hold."""

    eq: bool | None = _condition("Exactly this.")


def on_text(column: SQLColumnExpression[Any], condition: StringFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a condition on a text column."""
    if not condition:
        return []
    clauses = _compared(column, condition, field="filter")
    if _given(condition.contains):
        clauses.append(column.icontains(condition.contains, autoescape=True))
    if _given(condition.starts_with):
        clauses.append(column.istartswith(condition.starts_with, autoescape=True))
    return clauses


def on_id(column: SQLColumnExpression[Any], kind: str, condition: IdFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a condition on an id column. Raises InvalidId."""
    if not condition:
        return []
    clauses = _null(column, condition.is_null)
    if _given(condition.eq):
        clauses.append(column == parse_id(kind, str(condition.eq), "filter"))
    if _given(condition.in_):
        ids: list[UUID] = [parse_id(kind, str(value), "filter") for value in _bounded(condition.in_)]
        clauses.append(column.in_(ids) if ids else false())
    return clauses


def on_moment(column: SQLColumnExpression[Any], condition: DateTimeFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a condition on a timestamp column. Raises InvalidInput for a moment without an offset."""
    if not condition:
        return []
    for value in (condition.gt, condition.gte, condition.lt, condition.lte):
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InvalidInput("filter", "Give the moment with its offset, as in 2026-11-24T09:00:00+01:00.")
    return _compared(column, condition, field="filter")


def on_choice(column: SQLColumnExpression[Any], values: list[Any] | None) -> list[ColumnElement[bool]]:
    """The clause of a list of enum members, any of which may hold; None or UNSET for no condition."""
    return [column.in_([value.value for value in values])] if _given(values) and values is not None else []


def on_truth(column: SQLColumnExpression[Any], condition: BooleanFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a condition on a boolean column."""
    return [column.is_(condition.eq)] if condition and _given(condition.eq) else []


def _compared(column: SQLColumnExpression[Any], condition: Any, field: str) -> list[ColumnElement[bool]]:
    clauses = _null(column, condition.is_null)
    told = {name: getattr(condition, name, UNSET) for name in ("eq", "neq", "gt", "gte", "lt", "lte", "in_")}
    made: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "eq": lambda value: column == value,
        "neq": lambda value: column.is_distinct_from(value),
        "gt": lambda value: column > value,
        "gte": lambda value: column >= value,
        "lt": lambda value: column < value,
        "lte": lambda value: column <= value,
        "in_": lambda value: column.in_(_bounded(value)),
    }
    return clauses + [made[name](value) for name, value in told.items() if _given(value)]


def _null(column: SQLColumnExpression[Any], wanted: bool | None) -> list[ColumnElement[bool]]:
    if not _given(wanted):
        return []
    return [column.is_(None) if wanted else column.is_not(None)]


def _given(value: Any) -> bool:
    return value is not UNSET and value is not None


def _bounded(values: list[Any] | None) -> list[Any]:
    if values is not None and len(values) > MAX_VALUES:
        raise InvalidInput("filter", f"A list in a filter has at most {MAX_VALUES} values.")
    return list(values or [])
