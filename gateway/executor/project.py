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
        self._conditions: dict[frozenset[Conditions], str] = {}
        self._count = 0
        self.constants: dict[str, Any] = {}

    def source(self, shape: Shape) -> str:
        """The module's text."""
        result = self._object(shape, "data", ())
        conditions = [f"    {name} = {_condition(wanted)}" for wanted, name in self._conditions.items()]
        lines = ["def project(data, v):", *conditions, *self._functions, f"    return {result}"]
        return "\n".join(lines) + "\n"

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def _object(self, shape: Shape, value: str, path: Keys) -> str:
        """An expression for the object that `value`, an expression used once, gives."""
        if not self._nulls and self._exactness.is_exact(shape, path):
            return value
        return f"{self._function(shape, path)}({value})"

    def _inline(self, shape: Shape, variable: str, path: Keys) -> str:
        """The same for a variable, without the call where the fields are known beforehand."""
        if not self._nulls and self._exactness.is_exact(shape, path):
            return variable
        if shape.fields is not None and all(field.always for field in shape.fields):
            return self._dict(shape.fields, variable, path)
        return f"{self._function(shape, path)}({variable})"

    def _dict(self, fields: tuple[FieldShape, ...], variable: str, path: Keys) -> str:
        return "{" + ", ".join(f"{f.key!r}: {self._field(f, variable, path)}" for f in fields) + "}"

    def _function(self, shape: Shape, path: Keys) -> str:
        identity = (id(shape), path)
        if identity not in self._known:
            name = self._known[identity] = self._name("p")
            if shape.fields is None:
                self._dispatch(name, shape, path)
            else:
                self._define(name, shape.fields, path)
        return self._known[identity]

    def _dispatch(self, name: str, shape: Shape, path: Keys) -> None:
        cases = {}
        for type_name, fields in shape.by_type.items():
            cases[type_name] = self._name("p")
            self._define(cases[type_name], fields, path)
        table = ", ".join(f"{type_name!r}: {function}" for type_name, function in cases.items())
        self._functions += [f"    {name}_of = {{{table}}}", f"    def {name}(o): return {name}_of[o['__typename']](o)"]

    def _define(self, name: str, fields: tuple[FieldShape, ...], path: Keys) -> None:
        if all(field.always for field in fields):
            self._functions.append(f"    def {name}(o): return {self._dict(fields, 'o', path)}")
            return
        body = [f"    def {name}(o):", "        r = {}"]
        for field in fields:
            when = "" if field.always else f"if {self._condition_name(field.conditions)}: "
            body.append(f"        {when}r[{field.key!r}] = {self._field(field, 'o', path)}")
        self._functions += [*body, "        return r"]

    def _condition_name(self, conditions: frozenset[Conditions]) -> str:
        if conditions not in self._conditions:
            self._conditions[conditions] = self._name("c")
        return self._conditions[conditions]

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
        if not self._nulls or (required and field.shape):
            return self._changed(field, inner, value, path)
        held = self._name("t")
        otherwise = "fail()" if required else "None"
        return f"({self._changed(field, inner, held, path)} if ({held} := {value}) is not None else {otherwise})"

    def _checked(self, value: str, required: bool) -> str:
        if not self._nulls or not required:
            return value
        held = self._name("t")
        return f"({held} if ({held} := {value}) is not None else fail())"

    def _changes(self, field: FieldShape, type_: Any, path: Keys) -> bool:
        """Whether a value that is not null has to be looked into."""
        if field.shape is not None:
            return self._nulls or not self._exactness.is_exact(field.shape, path)
        return self._exactness.needs_check(field) or (self._nulls and isinstance(type_, GraphQLList))

    def _changed(self, field: FieldShape, type_: Any, value: str, path: Keys) -> str:
        if isinstance(type_, GraphQLList):
            item = self._name("x")
            return f"[{self._item(field, type_.of_type, item, path)} for {item} in {value}]"
        if field.shape is not None:
            return self._object(field.shape, value, path)
        return f"{self._values(field)}[{value}]"

    def _item(self, field: FieldShape, type_: Any, item: str, path: Keys) -> str:
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if required else type_
        if isinstance(inner, GraphQLList) or field.shape is None:
            return self._value(field, type_, item, path)
        built = self._inline(field.shape, item, path)
        return built if required or not self._nulls else f"{built} if {item} is not None else None"

    def _values(self, field: FieldShape) -> str:
        name = self._name("e")
        self.constants[name] = {value: value for value in sorted(field.values or ())}
        return name


def _condition(wanted: frozenset[Conditions]) -> str:
    return " or ".join(
        "(" + " and ".join(f"v.get({c.variable!r}) is {c.wanted}" for c in conditions) + ")"
        for conditions in sorted(wanted)
    )
