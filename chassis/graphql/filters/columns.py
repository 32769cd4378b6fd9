"""Operators to clauses on a column."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.graphql.filters.operators import BooleanFilter, ChoiceFilter, DateTimeFilter, IdFilter, StringFilter
from chassis.graphql.limits import limits
from chassis.identifiers import parse_id

MAX_DAYS = 36_500

Clauses = list[ColumnElement[bool]]


def on_text(column: SQLColumnExpression[Any], condition: StringFilter | None) -> Clauses:
    """The clauses of a condition on a text column."""
    if not condition:
        return []
    clauses = on_value(column, condition)
    if given(condition.contains):
        clauses.append(column.icontains(_storable(condition.contains), autoescape=True))
    if given(condition.starts_with):
        clauses.append(column.istartswith(_storable(condition.starts_with), autoescape=True))
    return clauses


def on_id(column: SQLColumnExpression[Any], kind: str, condition: IdFilter | None) -> Clauses:
    """The clauses of a condition on an id column. Raises InvalidId."""
    if not condition:
        return []
    return on_value(column, condition, lambda value: parse_id(kind, str(value), "filter"))


def on_moment(column: SQLColumnExpression[Any], condition: DateTimeFilter | None) -> Clauses:
    """The clauses of a condition on a timestamp column. Raises InvalidInput for a moment without an offset."""
    if not condition:
        return []
    clauses = on_value(column, condition, _moment)
    if given(condition.within_days):
        clauses.append(column >= func.now() - _days(condition.within_days))
    if given(condition.older_than_days):
        clauses.append(column < func.now() - _days(condition.older_than_days))
    return clauses


def _days(many: int | None) -> timedelta:
    if many is None or not 0 <= many <= MAX_DAYS:
        raise InvalidInput("filter", f"Give 0 to {MAX_DAYS} days.")
    return timedelta(days=many)


def on_choice(column: SQLColumnExpression[Any], condition: list[Any] | ChoiceFilter[Any] | None) -> Clauses:
    """The clauses of a condition on an enum's column; a list means that any of its members may hold."""
    if isinstance(condition, list):
        return [column.in_([_raw(value) for value in condition])]
    return on_value(column, condition, _raw) if condition else []


def on_truth(column: SQLColumnExpression[Any], condition: BooleanFilter | None) -> Clauses:
    """The clauses of a condition on a boolean column."""
    return [column.is_(condition.eq)] if condition and given(condition.eq) else []


_COMPARED: Mapping[str, Callable[[SQLColumnExpression[Any], Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "neq": lambda column, value: column.is_distinct_from(value),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}


def on_value(column: SQLColumnExpression[Any], condition: Any, parse: Callable[[Any], Any] | None = None) -> Clauses:
    """The clauses of a condition on a column of numbers, days or any other type that compares."""
    parse = parse or _storable
    clauses: Clauses = []
    if given(condition.is_null):
        clauses.append(column.is_(None) if condition.is_null else column.is_not(None))
    if given(several := getattr(condition, "in_", UNSET)):
        clauses.append(column.in_([parse(value) for value in _bounded(several)]))
    told = {name: getattr(condition, name, UNSET) for name in _COMPARED}
    return clauses + [_COMPARED[name](column, parse(value)) for name, value in told.items() if given(value)]


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InvalidInput("filter", "Give the moment with its offset, as in 2026-11-24T09:00:00+01:00.")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("filter", "No such moment: it lies beyond the years 1 to 9999.") from None


def _storable(value: Any) -> Any:
    """What PostgreSQL can compare: it has no NUL in a text, and a number here is finite."""
    if isinstance(value, str) and "\0" in value:
        raise InvalidInput("filter", "A text in a filter holds a character that is never stored: U+0000.")
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidInput("filter", "A number in a filter is finite.")
    return value


def _raw(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def given(value: Any) -> bool:
    """Whether a field of an input was given a value: neither left out nor null."""
    return value is not UNSET and value is not None


def _bounded(values: list[Any]) -> list[Any]:
    most = limits().filter_values
    if len(values) > most:
        raise InvalidInput("filter", f"A list in a filter has at most {most} values.")
    return values
