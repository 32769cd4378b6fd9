"""Projection as generated Python: the merged data becomes exactly what the client asked for, in its order.

Two versions of one function are generated. The first assumes that no answer held a null, so it checks nothing and
leaves alone what is exact as fetched; the second checks every null against the schema. Either raises (KeyError,
TypeError, ValueError) where the data is not as the schema says; then `complete` takes over, which explains and repairs.
"""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLList, GraphQLNonNull

from gateway.executor.exact import Exactness, Keys
from gateway.executor.shape import FieldShape, Shape
from gateway.planner.selection import Conditions

Object = dict[str, Any]
Project = Callable[[Object, Object], Object]


def compile_projection(shape: Shape, exactness: Exactness, *, nulls: bool) -> Project:
    """A function of (merged data, variables); with `nulls` it checks them."""
    writer = _Writer(exactness, nulls)
    namespace: dict[str, Any] = {"fail": _fail, **writer.constants}
    source = writer.source(shape)
    namespace.update(writer.constants)
    exec(compile(source, "<projection>", "exec"), namespace)  # noqa: S102 - names are GraphQL names, quoted by repr
    project: Project = namespace["project"]
    return project


def _fail() -> Any:
    raise ValueError("null")


class _Writer:
    def __init__(self, exactness: Exactness, nulls: bool) -> None:
        self._exactness = exactness
        self._nulls = nulls
        self._functions: list[str] = []
        self._known: dict[tuple[int, Keys], str] = {}
        self._by_text: dict[str, str] = {}
        self._conditions: dict[frozenset[Conditions], str] = {}
        self._values_of: dict[frozenset[str], str] = {}
        self._variables = 0
        self.constants: dict[str, Any] = {}

    def source(self, shape: Shape) -> str:
        """The module's text. Every function takes an object, and which conditions hold."""
        result = self._object(shape, "data", ())
        held = "".join(f"{_condition(wanted)}, " for wanted in self._conditions)
        lines = [*self._functions, "def project(data, v):", f"    c = ({held})", f"    return {result}"]
        return "\n".join(lines) + "\n"

    def _variable(self, prefix: str) -> str:
        self._variables += 1
        return f"{prefix}{self._variables}"

    def _object(self, shape: Shape, value: str, path: Keys) -> str:
        """An expression for the object that `value`, an expression used once, gives."""
        if not self._nulls and self._exactness.is_exact(shape, path):
            return value
        return f"{self._function(shape, path)}({value}, c)"

    def _inline(self, shape: Shape, variable: str, path: Keys) -> str:
        """The same for a variable, without the call where the fields are known beforehand."""
        if not self._nulls and self._exactness.is_exact(shape, path):
            return variable
        if shape.fields is not None and all(field.always for field in shape.fields):
            return self._dict(shape.fields, variable, path)
        return f"{self._function(shape, path)}({variable}, c)"

    def _dict(self, fields: tuple[FieldShape, ...], variable: str, path: Keys) -> str:
        return "{" + ", ".join(f"{f.key!r}: {self._field(f, variable, path)}" for f in fields) + "}"

    def _function(self, shape: Shape, path: Keys) -> str:
        identity = (id(shape), path)
        if identity not in self._known:
            if shape.fields is None:
                self._known[identity] = self._dispatch(shape, path)
            else:
                self._known[identity] = self._define(shape.fields, path)
        return self._known[identity]

    def _dispatch(self, shape: Shape, path: Keys) -> str:
        table = ", ".join(f"{name!r}: {self._define(fields, path)}" for name, fields in shape.by_type.items())
        return self._add(f"(o, c, of={{{table}}}): return of[o['__typename']](o, c)")

    def _define(self, fields: tuple[FieldShape, ...], path: Keys) -> str:
        before, self._variables = self._variables, 0
        text = self._body(fields, path)
        self._variables = before
        return self._add(text)

    def _body(self, fields: tuple[FieldShape, ...], path: Keys) -> str:
        if all(field.always for field in fields):
            return f"(o, c): return {self._dict(fields, 'o', path)}"
        lines = ["(o, c):", "    r = {}"]
        for field in fields:
            when = "" if field.always else f"if {self._condition_name(field.conditions)}: "
            lines.append(f"    {when}r[{field.key!r}] = {self._field(field, 'o', path)}")
        return "\n".join([*lines, "    return r"])

    def _add(self, text: str) -> str:
        """The name of a function; one that is there already is used again."""
        if text not in self._by_text:
            self._by_text[text] = f"p{len(self._by_text)}"
            self._functions.append(f"def {self._by_text[text]}{text}")
        return self._by_text[text]

    def _condition_name(self, conditions: frozenset[Conditions]) -> str:
        return self._conditions.setdefault(conditions, f"c[{len(self._conditions)}]")

    def _field(self, field: FieldShape, variable: str, path: Keys) -> str:
        if field.name == "__typename" and not path:
            return repr(field.parent)
        return self._value(field, field.type, f"{variable}[{field.key!r}]", (*path, field.key))

    def _value(self, field: FieldShape, type_: Any, value: str, path: Keys) -> str:
        """An expression for `value`, checked against its type."""
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if required else type_
        if not self._changes(field, inner, path):
            return self._checked(value, required)
        if required and (field.shape or not self._nulls):
            return self._changed(field, inner, value, path)  # fails by itself on a null
        held = self._variable("t")
        otherwise = "fail()" if required else "None"
        return f"({self._changed(field, inner, held, path)} if ({held} := {value}) is not None else {otherwise})"

    def _checked(self, value: str, required: bool) -> str:
        if not self._nulls or not required:
            return value
        held = self._variable("t")
        return f"({held} if ({held} := {value}) is not None else fail())"

    def _changes(self, field: FieldShape, type_: Any, path: Keys) -> bool:
        """Whether a value that is not null has to be looked into."""
        if field.shape is not None:
            return self._nulls or not self._exactness.is_exact(field.shape, path)
        return self._exactness.needs_check(field) or (self._nulls and isinstance(type_, GraphQLList))

    def _changed(self, field: FieldShape, type_: Any, value: str, path: Keys) -> str:
        if isinstance(type_, GraphQLList):
            item = self._variable("x")
            return f"[{self._item(field, type_.of_type, item, path)} for {item} in {value}]"
        if field.shape is not None:
            return self._object(field.shape, value, path)
        return f"{self._values(field.values or frozenset())}[{value}]"

    def _item(self, field: FieldShape, type_: Any, item: str, path: Keys) -> str:
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if required else type_
        if isinstance(inner, GraphQLList) or field.shape is None:
            return self._value(field, type_, item, path)
        built = self._inline(field.shape, item, path)
        return built if required else f"{built} if {item} is not None else None"

    def _values(self, values: frozenset[str]) -> str:
        name = self._values_of.setdefault(values, f"e{len(self._values_of)}")
        self.constants[name] = {value: value for value in values}
        return name


def _condition(wanted: frozenset[Conditions]) -> str:
    return " or ".join(
        "(" + " and ".join(f"v.get({c.variable!r}) is {c.wanted}" for c in conditions) + ")"
        for conditions in sorted(wanted)
    )
