"""Many rows in one statement, an array for each column: the same statement, prepared once, however many there are."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Table, Text, any_, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.dml import Insert
from sqlalchemy.ext.asyncio import AsyncSession

_BETWEEN = "\x1f"  # PostgreSQL unnests arrays of arrays to their last level


@cache
def insert_of(table: Table, names: tuple[str, ...]) -> Insert:
    """An insert into these columns, to be executed with `columns_of`; an array is one of words, never of nulls."""
    told = func.unnest(*map(_array, (table.c[name] for name in names))).table_valued(*names, name="told")
    rows = told.render_derived()
    values = (
        func.string_to_array(rows.c[name], _BETWEEN) if _is_array(table.c[name]) else rows.c[name] for name in names
    )
    return insert(table).from_select(list(names), select(*values))


def columns_of(table: Table, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as the parameters of `insert_of`."""
    told = list(rows)
    return {
        name: [_BETWEEN.join(row[name]) for row in told] if _is_array(table.c[name]) else [row[name] for row in told]
        for name in names
    }


async def insert_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns; one that is there is an error."""
    if rows:
        names = tuple(rows[0])
        await session.execute(insert_of(table, names), columns_of(table, names, rows))


async def add_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Like `insert_rows`; one that is there stays as it is."""
    if rows:
        names = tuple(rows[0])
        await session.execute(insert_of(table, names).on_conflict_do_nothing(), columns_of(table, names, rows))


def one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values: one parameter, and the same statement, however many there are."""
    found: ColumnElement[bool] = column == any_(literal([*values], ARRAY(column.type)))
    return found


def _array(column: "Column[Any]") -> Any:
    return bindparam(column.name, type_=ARRAY(Text() if _is_array(column) else column.type, dimensions=1))


def _is_array(column: "Column[Any]") -> bool:
    return isinstance(column.type, ARRAY)
