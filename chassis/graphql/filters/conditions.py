"""A whole filter to clauses, with its relations."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, not_, or_
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.graphql.filters.columns import Clauses, given, on_choice, on_id, on_moment, on_text, on_truth, on_value
from chassis.graphql.filters.operators import BooleanFilter, ChoiceFilter, DateTimeFilter, IdFilter, StringFilter
from chassis.graphql.limits import limits
from chassis.text import folded

Condition = Callable[[Any], Clauses]
"""The clauses of what was given for one field of a filter."""

Conditions = Mapping[str, Condition]


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
        if not given(value):
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
                return on_value(column, value)

    return clauses


def by_name(column: SQLColumnExpression[Any], sort: SQLColumnExpression[Any]) -> Condition:
    """The condition of a text that is kept folded beside it (`chassis.text.folded`), and is found by that."""
    condition = by(column)

    def clauses(value: Any) -> Clauses:
        # Equal texts fold equally: this only tells where to look.
        return [*([sort == folded(value.eq)] if given(value.eq) else []), *condition(value)]

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
        none = [not_(having([])) if value.is_null else having([])] if given(value.is_null) else []
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
            elif given(inner):
                size += 0 if field.name == "in_" else 1
    return size, depth
