"""Hypothesis strategies: documents of every shape over a schema, with their variables."""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_union_type,
    parse,
    validate,
)
from hypothesis import strategies as st

VARIABLES = {"yes": True, "no": False, "first": 2, "id": "d1", "money": "USD"}
DECLARED = "($yes: Boolean!, $no: Boolean = false, $first: Int, $id: ID!, $money: Currency)"
CONDITIONS = ("@include(if: $yes)", "@include(if: $no)", "@skip(if: $yes)", "@skip(if: $no)", "@skip(if: false)")
ARGUMENTS = {
    "first": ("first: 1", "first: 4", "first: $first"),
    "id": ('id: "b1"', 'id: "zz"', "id: $id"),
    "currency": ("currency: USD", "currency: EUR", "currency: $money", "currency: null"),
    "text": ('text: "abc"', "text: null"),
}
ALIASES = ("a", "id", "name", "maker", "items")


class Documents:
    """Documents over one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def documents(self) -> st.SearchStrategy[str]:
        """Valid documents with one operation and up to two fragments."""
        return st.composite(self._document)().filter(self._is_valid)

    def _is_valid(self, text: str) -> bool:
        return not validate(self._schema, parse(text))

    def _document(self, draw: Any) -> str:
        names = draw(st.lists(st.sampled_from(["Item", "Book", "Person", "Result"]), max_size=2, unique=True))
        fragments = [f"fragment F{name} on {name} {self._selection(draw, name, 2, ())}" for name in names]
        operation = f"query {DECLARED} {self._selection(draw, 'Query', 4, tuple(names))}"
        used = [text for name, text in zip(names, fragments, strict=True) if f"...F{name}" in operation]
        declared = [name for name in VARIABLES if f"${name}" in operation.replace(DECLARED, "") + "".join(used)]
        kept = [part for part in DECLARED[1:-1].split(", ") if part[1:].split(":")[0] in declared]
        return " ".join([operation.replace(DECLARED, f"({', '.join(kept)})" if kept else ""), *used])

    def _selection(self, draw: Any, type_name: str, depth: int, fragments: tuple[str, ...]) -> str:
        type_ = self._schema.type_map[type_name]
        parts = [self._part(draw, type_, depth, fragments) for _ in range(draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, draw: Any, type_: GraphQLNamedType, depth: int, fragments: tuple[str, ...]) -> str:
        if type_.name != "Query" and depth > 0 and draw(st.integers(0, 4)) == 0:
            return self._fragment(draw, type_, depth, fragments)
        fields = {} if is_union_type(type_) else type_.fields  # type: ignore[attr-defined]
        names = [name for name, field in fields.items() if depth > 0 or is_leaf_type(get_named_type(field.type))]
        name = draw(st.sampled_from([*names, "__typename"]))
        if name == "__typename":
            return str(draw(st.sampled_from(["__typename", "a: __typename"]))) + self._condition(draw)
        return self._field(draw, name, fields[name], depth, fragments)

    def _field(self, draw: Any, name: str, field: GraphQLField, depth: int, fragments: tuple[str, ...]) -> str:
        alias = f"{draw(st.sampled_from(ALIASES))}: " if draw(st.integers(0, 5)) == 0 else ""
        told = [
            draw(st.sampled_from(ARGUMENTS[argument]))
            for argument in field.args
            if argument == "id" or draw(st.booleans())
        ]
        head = alias + name + (f"({', '.join(told)})" if told else "") + self._condition(draw)
        below = get_named_type(field.type)
        return head + (
            " " + self._selection(draw, below.name, depth - 1, fragments) if is_composite_type(below) else ""
        )

    def _fragment(self, draw: Any, type_: GraphQLNamedType, depth: int, fragments: tuple[str, ...]) -> str:
        overlapping = [
            name for name in ("Item", "Book", "Disc", "Person", "Result") if self._overlaps(type_.name, name)
        ]
        spreads = [f"...F{name}" for name in fragments if name in overlapping]
        on = draw(st.sampled_from([*spreads, *overlapping, ""]))
        if on.startswith("..."):
            return str(on) + self._condition(draw)
        selection = self._selection(draw, on or type_.name, depth - 1, fragments)
        return f"... {f'on {on}' if on else ''}{self._condition(draw)} {selection}"

    def _condition(self, draw: Any) -> str:
        return " " + draw(st.sampled_from(CONDITIONS)) if draw(st.integers(0, 7)) == 0 else ""

    def _overlaps(self, one: str, other: str) -> bool:
        return bool(self._possible(one) & self._possible(other))

    def _possible(self, name: str) -> set[str]:
        type_ = self._schema.type_map[name]
        return {found.name for found in self._schema.get_possible_types(type_)} if is_abstract_type(type_) else {name}
