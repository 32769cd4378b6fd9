"""Counts and sums of what a filter chooses, by groups: for boards and reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Date, Row, Select, SQLColumnExpression, cast, func, literal, select

from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.filters import Clauses
from chassis.graphql.limits import limits
from chassis.graphql.listing import FILTER, Check

T = TypeVar("T")
Group = Row[Any]
"""A group: its keys by name, `count`, and the measures."""


def _none(_: Any) -> list[ColumnElement[Any]]:
    return []


@dataclass(frozen=True)
class Aggregate(Generic[T]):
    """What can be counted: rows, how they are filtered, what they can be grouped by, how groups are shown.

    `keys` are expressions by the values of the enum that `groupBy` takes. `columns` are those that `measures` makes
    sums of; `always` names keys that every group is split by, asked for or not;
    `check` refuses what only the database knows to be wrong.
    """

    statement: Select[*tuple[Any, ...]]
    where: Callable[[Any], Clauses]
    keys: Mapping[str, SQLColumnExpression[Any]]
    nodes: Callable[[Sequence[Group]], list[T]]
    columns: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)
    measures: Callable[[Any], list[ColumnElement[Any]]] = _none
    always: Sequence[str] = ()
    check: Check | None = None

    async def groups(self, info: Info, filter: Any, by: Sequence[Enum] | None) -> list[T]:
        """The groups in the order of their keys. Raises InvalidInput for too many, InvalidId."""
        wanted = list(dict.fromkeys(str(one.value) for one in by or []))
        if len(wanted) > limits().group_terms:
            raise InvalidInput("groupBy", f"Group by at most {limits().group_terms} things at once.")
        if self.check is not None and filter:
            await self.check(info, filter, None)
        rows = await info.context.read.rows(self._grouped(filter, wanted))
        if len(rows) > limits().groups:
            raise InvalidInput("groupBy", f"These are over {limits().groups} groups: filter more, or group by less.")
        return self.nodes(rows)

    def _grouped(self, filter: Any, by: Sequence[str]) -> Select[*tuple[Any, ...]]:
        keys = list(dict.fromkeys([*by, *self.always]))
        told = {**{name: self.keys[name] for name in keys}, **self.columns} or {"row": literal(1)}
        chosen = self.statement.where(*self.where(filter)).order_by(None)
        shown: Any = (column.label(name) for name, column in told.items())
        rows = chosen.with_only_columns(*shown, maintain_column_froms=True).subquery("chosen")
        grouped = [rows.c[name] for name in keys]
        counted = select(*grouped, func.count().label("count"), *self.measures(rows.c)).select_from(rows)
        ordered = counted.group_by(*grouped).order_by(*(key.asc().nulls_last() for key in grouped))
        return ordered.limit(limits().groups + 1)


def month(column: SQLColumnExpression[Any], time_zone: SQLColumnExpression[Any] | None = None) -> ColumnElement[Any]:
    """The first day of the month of a day, or of a moment in a time zone."""
    local = column if time_zone is None else func.timezone(time_zone, column)
    return _day(func.date_trunc("month", local))


def day(column: SQLColumnExpression[Any], time_zone: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The day of a moment in a time zone."""
    return _day(func.timezone(time_zone, column))


def _day(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(moment, Date)


def aggregate_field(
    aggregate: Callable[[], Aggregate[Any]],
    node: Any,
    *,
    filter: Any,
    by: Any,
    description: str,
    extensions: Sequence[Any],
) -> Any:
    """A root field that counts by groups; `node`, `filter` and `by` are its GraphQL types."""

    async def resolve(self: Any, info: Info, filter_: Any = None, group_by: Any = None) -> Any:
        return await aggregate().groups(info, filter_, group_by)

    resolve.__annotations__ |= {
        "filter_": Annotated[filter | None, FILTER],
        "group_by": Annotated[list[by] | None, _BY],
        "return": list[node],
    }
    return strawberry.field(resolver=resolve, description=description, extensions=list(extensions))


_BY = strawberry.argument(description="One group for each combination of these, three at most; one in all without.")


def told(row: Group, key: str) -> Any:
    """A group's key; None where it is not grouped by it."""
    return row._mapping.get(key)
