"""Looks for nulls where the schema allows none, in one fetch's answer: generated Python that only reads.

Most answers hold nulls, nearly all of them where they may be. When this finds no other, nothing has to be completed.
It is also faster than searching the answer's bytes for a null, and notices what is missing.
"""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLList, GraphQLNonNull

from gateway.executor.shape import FieldShape, Shape
from gateway.planner.operation_text import Selected

Object = dict[str, Any]
Fits = Callable[[list[Object]], bool]


class _Unknown(Exception):
    """What may be null depends on the request: completion has to look."""


def compile_fits(selected: Iterable[Selected], shape: Shape | None) -> Fits | None:
    """Whether objects that a fetch gave hold nulls only where they may; None when only completion can tell.

    `shape` is what the client wants of them.
    """
    try:
        lines = _Writer().object(selected, shape, "o", "        ")
    except _Unknown:
        return None
    source = "\n".join(["def fits(objects):", "    for o in objects:", *lines, "    return True"])
    namespace: dict[str, Any] = {}
    exec(compile(source, "<nulls>", "exec"), namespace)  # noqa: S102 - names are GraphQL names, quoted by repr
    fits: Fits = namespace["fits"]
    return lambda objects: _safely(fits, objects)


def _safely(fits: Fits, objects: list[Object]) -> bool:
    try:
        return fits(objects)
    except (KeyError, TypeError):  # not as the schema says
        return False


def shape_at(shape: Shape, path: Iterable[object]) -> Shape | None:
    """The shape of the objects at a path; None where it depends on runtime types, or clients see nothing of them."""
    for step in path:
        field = _field(shape, step) if isinstance(step, str) else None
        if field is None or field.shape is None:
            return None
        shape = field.shape
    return shape


def _field(shape: Shape, key: object) -> FieldShape | None:
    return next((field for field in shape.fields or () if field.key == key), None)


class _Writer:
    def __init__(self) -> None:
        self._count = 0

    def object(self, selected: Iterable[Selected], shape: Shape | None, value: str, indent: str) -> list[str]:
        """Lines that return False when the object `value` does not fit."""
        if shape is None or shape.fields is None:
            raise _Unknown
        lines: list[str] = []
        for one in selected:
            step, field = one.step, _field(shape, one.step.key)
            if step.conditions or step.on not in (None, shape.type) or one.alias:
                raise _Unknown
            if field is not None:  # else an internal one: a null there is for representations to see
                lines += self._value(one, field, field.type, f"{value}[{field.key!r}]", indent)
        return lines or [f"{indent}if type({value}) is not dict: return False"]

    def _value(self, one: Selected, field: FieldShape, type_: Any, value: str, indent: str) -> list[str]:
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if required else type_
        is_leaf = field.shape is None and not isinstance(inner, GraphQLList)
        if is_leaf:
            return self._leaf(value, indent, required=required)
        self._count += 1
        held = f"v{self._count}"
        lines = [f"{indent}{held} = {value}", *([f"{indent}if {held} is None: return False"] if required else [])]
        below = self._below(one, field, inner, held, indent if required else indent + "    ")
        return lines + (below if required or not below else [f"{indent}if {held} is not None:", *below])

    def _leaf(self, value: str, indent: str, *, required: bool) -> list[str]:
        if required:
            return [f"{indent}if {value} is None: return False"]
        return [f"{indent}{value}"] if "[" in value else []  # whether it is there at all

    def _below(self, one: Selected, field: FieldShape, inner: Any, held: str, indent: str) -> list[str]:
        if not isinstance(inner, GraphQLList):
            return self.object(one.children.values(), field.shape, held, indent)
        item = f"{held}i"
        lines = self._value(one, field, inner.of_type, item, indent + "    ")
        return [f"{indent}for {item} in {held}:", *lines] if lines else []
