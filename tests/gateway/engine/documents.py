"""Random valid documents over any schema."""

from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    validate,
)

_SCALARS = {"Int": "1", "Float": "1.5", "String": '"s"', "ID": '"i1"', "Boolean": "true"}
_CONDITIONS = ("@include(if: $yes)", "@skip(if: $no)", "@include(if: true)", "@skip(if: $yes)")


class Documents:
    """Documents drawn with one source of chance."""

    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self._schema = schema
        self._random = random

    def draw(self, attempts: int = 20) -> str | None:
        """A valid query; None when chance gave none."""
        assert self._schema.query_type
        for _ in range(attempts):
            body = self._selection(self._schema.query_type.name, 4)
            names = [name for name in ("yes", "no") if f"${name}" in body]
            declared = ", ".join(f"${name}: Boolean! = {'true' if name == 'yes' else 'false'}" for name in names)
            text = f"query ({declared}) {body}" if names else body
            if not validate(self._schema, parse(text)):
                return text
        return None

    def _selection(self, type_name: str, depth: int) -> str:
        parts = [self._part(type_name, depth) for _ in range(self._random.randint(1, 3))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, type_name: str, depth: int) -> str:
        type_: Any = self._schema.type_map[type_name]
        if depth > 0 and type_name != "Query" and self._random.random() < 0.35:
            return self._fragment(type_name, depth)
        fields = getattr(type_, "fields", {})
        usable = [n for n, f in fields.items() if depth > 0 or not is_composite_type(get_named_type(f.type))]
        name = self._random.choice([*usable, *usable, "__typename"])
        if name == "__typename":
            return "__typename"
        field = fields[name]
        below = get_named_type(field.type)
        alias = f"{self._random.choice('xyz')}: " if self._random.random() < 0.1 else ""
        inner = f" {self._selection(below.name, depth - 1)}" if is_composite_type(below) else ""
        return f"{alias}{name}{self._arguments(field)}{self._condition()}{inner}"

    def _fragment(self, type_name: str, depth: int) -> str:
        mine = self._possible(type_name)
        others = [n for n, t in self._schema.type_map.items() if is_composite_type(t) and not n.startswith("__")]
        on = self._random.choice([n for n in others if self._possible(n) & mine] or [type_name])
        return f"... on {on}{self._condition()} {self._selection(on, depth - 1)}"

    def _condition(self) -> str:
        return " " + self._random.choice(_CONDITIONS) if self._random.random() < 0.1 else ""

    def _arguments(self, field: Any) -> str:
        told = [
            f"{name}: {self._literal(argument.type)}"
            for name, argument in field.args.items()
            if isinstance(argument.type, GraphQLNonNull) or self._random.random() < 0.3
        ]
        return f"({', '.join(told)})" if told else ""

    def _literal(self, type_: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(type_.of_type)
        if isinstance(type_, GraphQLList):
            return f"[{self._literal(type_.of_type)}]"
        if isinstance(type_, GraphQLEnumType):
            return str(self._random.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            required = [(n, f) for n, f in type_.fields.items() if isinstance(f.type, GraphQLNonNull)]
            return "{" + ", ".join(f"{name}: {self._literal(field.type)}" for name, field in required) + "}"
        return _SCALARS.get(type_.name, '"x"')

    def _possible(self, name: str) -> set[str]:
        type_: Any = self._schema.type_map[name]
        return {t.name for t in self._schema.get_possible_types(type_)} if is_abstract_type(type_) else {name}
