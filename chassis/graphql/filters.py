"""Typed filters: `eq neq in gt gte lt lte contains startsWith isNull and or not`, shared by the three schemas."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

import strawberry
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, func, not_, or_
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.graphql.limits import limits
from chassis.identifiers import parse_id

MAX_DAYS = 36_500
Choice = TypeVar("Choice")
Clauses = list[ColumnElement[bool]]
Condition = Callable[[Any], Clauses]
"""The clauses of what was given for one field of a filter."""
Conditions = Mapping[str, Condition]


def condition(description: str, name: str | None = None) -> Any:
    """A field of a filter: no condition where it is absent or null."""
    return strawberry.field(default=UNSET, name=name, description=description)


_IN = "One of these; 200 at most unless your operators say otherwise."


@strawberry.input(description="A condition on a text. Case is kept by eq, neq and in, and ignored by the others.")
class StringFilter:
    """All the conditions given must hold."""

    eq: str | None = condition("Exactly this.")
    neq: str | None = condition("Anything but this, nothing included.")
    in_: list[str] | None = condition(_IN, name="in")
    contains: str | None = condition("Has this within.")
    starts_with: str | None = condition("Begins with this.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on an id.")
class IdFilter:
    """All the conditions given must hold."""

    eq: strawberry.ID | None = condition("This one.")
    neq: strawberry.ID | None = condition("Any but this one, none included.")
    in_: list[strawberry.ID] | None = condition(_IN, name="in")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a moment.")
class DateTimeFilter:
    """All the conditions given must hold."""

    eq: datetime | None = condition("At exactly this moment.")
    neq: datetime | None = condition("At any moment but this, never included.")
    gt: datetime | None = condition("After this moment.")
    gte: datetime | None = condition("At this moment or after.")
    lt: datetime | None = condition("Before this moment.")
    lte: datetime | None = condition("At this moment or before.")
    within_days: int | None = condition("So many days ago at most, by the clock of the moment it is asked; or later.")
    older_than_days: int | None = condition("More than so many days ago, by the clock of the moment it is asked.")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a day.")
class DateFilter:
    """All the conditions given must hold."""

    eq: date | None = condition("This day.")
    neq: date | None = condition("Any day but this, none included.")
    in_: list[date] | None = condition(_IN, name="in")
    gt: date | None = condition("After this day.")
    gte: date | None = condition("This day or after.")
    lt: date | None = condition("Before this day.")
    lte: date | None = condition("This day or before.")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a whole number.")
class IntFilter:
    """All the conditions given must hold."""

    eq: int | None = condition("Exactly this.")
    neq: int | None = condition("Anything but this, nothing included.")
    in_: list[int] | None = condition(_IN, name="in")
    gt: int | None = condition("More than this.")
    gte: int | None = condition("This or more.")
    lt: int | None = condition("Less than this.")
    lte: int | None = condition("This or less.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on an exact decimal number.")
class DecimalFilter:
    """All the conditions given must hold."""

    eq: Decimal | None = condition("Exactly this.")
    neq: Decimal | None = condition("Anything but this, nothing included.")
    in_: list[Decimal] | None = condition(_IN, name="in")
    gt: Decimal | None = condition("More than this.")
    gte: Decimal | None = condition("This or more.")
    lt: Decimal | None = condition("Less than this.")
    lte: Decimal | None = condition("This or less.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on a yes or no.")
class BooleanFilter:
    """All the conditions given must hold."""

    eq: bool | None = condition("Exactly this.")


@strawberry.input(name="Filter", description="A condition on one of a few values.")
class ChoiceFilter(Generic[Choice]):
    """All the conditions given must hold. `ChoiceFilter[Phase]` is `PhaseFilter` in the schema."""

    eq: Choice | None = condition("Exactly this.")
    neq: Choice | None = condition("Anything but this, nothing included.")
    in_: list[Choice] | None = condition(_IN, name="in")
    is_null: bool | None = condition("Whether there is no value.")


def where(filter: Any, conditions: Conditions) -> Clauses:
    """The clauses of a filter: its fields by their Python names, `and_`, `or_`, `not_` included.

    Raises InvalidInput for one that is too deep or too large, InvalidId.
    """
    if not filter:
        return []
    _check_size(filter)
    return _where(filter, conditions)


def _where(filter: Any, conditions: Conditions) -> Clauses:
    clauses: Clauses = []
    for field in fields(filter):
        value = getattr(filter, field.name)
        if not _given(value):
            continue
        if field.name == "and_":
            clauses += [_all(inner, conditions) for inner in value]
        elif field.name == "or_":
            clauses += [or_(false(), *(_all(inner, conditions) for inner in value))]
        elif field.name == "not_":
            clauses.append(not_(_all(value, conditions)))
        else:
            clauses += conditions[field.name](value)
    return clauses


def _all(filter: Any, conditions: Conditions) -> ColumnElement[bool]:
    return and_(True, *_where(filter, conditions))


def by(column: SQLColumnExpression[Any], kind: str | None = None) -> Condition:
    """The condition of a column, whatever the type of its filter; `kind` is that of the ids an IdFilter names."""

    def clauses(value: Any) -> Clauses:
        match value:
            case StringFilter():
                return on_text(column, value)
            case IdFilter():
                return on_id(column, kind or "", value)
            case DateTimeFilter():
                return on_moment(column, value)
            case BooleanFilter():
                return on_truth(column, value)
            case list() | ChoiceFilter():
                return on_choice(column, value)
            case _:
                return _compared(column, value)

    return clauses


def related(having: Callable[[Clauses], ColumnElement[bool]], conditions: Conditions) -> Condition:
    """The condition of a relation: `having` makes one clause of those that must hold for one related row.

    A relation of a relation is refused: it would let one filter join the whole database.
    """

    def beyond(_: Any) -> Clauses:
        raise InvalidInput("filter", "A filter reaches one relation far.")

    near = {name: beyond if getattr(inner, "is_relation", False) else inner for name, inner in conditions.items()}

    def clauses(value: Any) -> Clauses:
        return [having(_where(value, near))]

    clauses.is_relation = True  # type: ignore[attr-defined]  # a function's own mark
    return clauses


def linked(
    column: SQLColumnExpression[Any], having: Callable[[Clauses], ColumnElement[bool]], kind: str | None = None
) -> Condition:
    """The condition of what a row may have several of, any of which may hold; `isNull` is about having none."""
    condition = by(column, kind)

    def clauses(value: Any) -> Clauses:
        none = [not_(having([])) if value.is_null else having([])] if _given(value.is_null) else []
        told = condition(replace(value, is_null=UNSET))
        return [*none, *([having(told)] if told else [])]

    return clauses


def _check_size(filter: Any) -> None:
    most, deepest = limits().filter_conditions, limits().filter_depth
    size, depth = _size(filter)
    if depth > deepest:
        raise InvalidInput("filter", f"A filter is at most {deepest} levels deep.")
    if size > most:
        raise InvalidInput("filter", f"A filter has at most {most} conditions.")


def _size(filter: Any) -> tuple[int, int]:
    """How many conditions a filter has, and how deep its `and`, `or`, `not` and relations go."""
    size, depth = 0, 0
    for field in fields(filter):
        value = getattr(filter, field.name)
        for inner in value if isinstance(value, list) else [value]:
            if is_dataclass(inner):
                more, deeper = _size(inner)
                size, depth = size + max(more, 1), max(depth, deeper + 1)
            elif _given(inner):
                size += 0 if field.name == "in_" else 1
    return size, depth


def on_text(column: SQLColumnExpression[Any], condition: StringFilter | None) -> Clauses:
    """The clauses of a condition on a text column."""
    if not condition:
        return []
    clauses = _compared(column, condition)
    if _given(condition.contains):
        clauses.append(column.icontains(_storable(condition.contains), autoescape=True))
    if _given(condition.starts_with):
        clauses.append(column.istartswith(_storable(condition.starts_with), autoescape=True))
    return clauses


def on_id(column: SQLColumnExpression[Any], kind: str, condition: IdFilter | None) -> Clauses:
    """The clauses of a condition on an id column. Raises InvalidId."""
    if not condition:
        return []
    return _compared(column, condition, lambda value: parse_id(kind, str(value), "filter"))


def on_moment(column: SQLColumnExpression[Any], condition: DateTimeFilter | None) -> Clauses:
    """The clauses of a condition on a timestamp column. Raises InvalidInput for a moment without an offset."""
    if not condition:
        return []
    clauses = _compared(column, condition, _moment)
    if _given(condition.within_days):
        clauses.append(column >= func.now() - _days(condition.within_days))
    if _given(condition.older_than_days):
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
    return _compared(column, condition, _raw) if condition else []


def on_truth(column: SQLColumnExpression[Any], condition: BooleanFilter | None) -> Clauses:
    """The clauses of a condition on a boolean column."""
    return [column.is_(condition.eq)] if condition and _given(condition.eq) else []


_COMPARED: Mapping[str, Callable[[SQLColumnExpression[Any], Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "neq": lambda column, value: column.is_distinct_from(value),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}


def _compared(column: SQLColumnExpression[Any], condition: Any, parse: Callable[[Any], Any] | None = None) -> Clauses:
    parse = parse or _storable
    clauses: Clauses = []
    if _given(condition.is_null):
        clauses.append(column.is_(None) if condition.is_null else column.is_not(None))
    if _given(several := getattr(condition, "in_", UNSET)):
        clauses.append(column.in_([parse(value) for value in _bounded(several)]))
    told = {name: getattr(condition, name, UNSET) for name in _COMPARED}
    return clauses + [_COMPARED[name](column, parse(value)) for name, value in told.items() if _given(value)]


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


def _given(value: Any) -> bool:
    return value is not UNSET and value is not None


def _bounded(values: list[Any]) -> list[Any]:
    most = limits().filter_values
    if len(values) > most:
        raise InvalidInput("filter", f"A list in a filter has at most {most} values.")
    return values
