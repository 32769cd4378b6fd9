"""From a selection set to columns: what a query does not select is not read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode
from sqlalchemy import Row, Select
from strawberry.utils.str_converters import to_snake_case

from chassis.graphql.context import Info

Needs = Mapping[str, Sequence[str]]
"""The columns that a field is made of, by its GraphQL name; a field that is not named is made of that of its name."""


class Partial:
    """A row of which some columns were not read: nobody asked for what they make, and they are told as None."""

    __slots__ = ("_row",)

    def __init__(self, row: Row[Any]) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return self._row._mapping.get(name)


def selected(info: Info, *path: str, on: str | None = None) -> set[str]:
    """The names of the fields selected at the end of a path of fields below this one, of the type `on` if told."""
    sets = [node.selection_set for node in info._raw_info.field_nodes]
    for name in path:
        sets = [field.selection_set for field in _fields(info, sets, on) if field.name.value == name]
    return {field.name.value for field in _fields(info, sets, on)}


def _fields(info: Info, sets: Iterable[SelectionSetNode | None], on: str | None) -> list[FieldNode]:
    found: list[FieldNode] = []
    for selection in (each for one in sets if one for each in one.selections):
        if isinstance(selection, FieldNode):
            found.append(selection)
            continue
        part: Any = selection
        if isinstance(selection, FragmentSpreadNode):
            part = info._raw_info.fragments[selection.name.value]
        condition = part.type_condition
        if on is None or condition is None or condition.name.value == on:
            found += _fields(info, [part.selection_set], on)
    return found


def narrowed(
    statement: Select[*tuple[Any, ...]], fields: Iterable[str], needs: Needs, always: Sequence[str] = ("id",)
) -> Select[*tuple[Any, ...]]:
    """The statement with the columns that these fields need; all of them where a field does not say what it needs."""
    there = statement.selected_columns
    wanted = set(always)
    for name in fields:
        columns = needs.get(name, () if name == "__typename" else (to_snake_case(name),))
        if any(column not in there for column in columns):
            return statement
        wanted.update(columns)
    told = [column for column in there if column.key in wanted]
    return statement.with_only_columns(*told, maintain_column_froms=True)
