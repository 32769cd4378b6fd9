"""The shape of the answer: what a client asked for, field by field, typed by the API schema."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphql import (
    GraphQLEnumType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from gateway.planner.selection import Conditions, Node


@dataclass(frozen=True, slots=True, eq=False)
class FieldShape:
    """A response key."""

    key: str
    name: str
    type: GraphQLOutputType
    parent: str
    conditions: frozenset[Conditions]
    """Present when one of these holds."""
    shape: "Shape | None"
    """None for leaves."""
    values: frozenset[str] | None = None
    """The values an enum may show to clients."""

    @property
    def always(self) -> bool:
        """Whether no variable can take it away."""
        return () in self.conditions


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A selection on a composite type."""

    type: str
    fields: tuple[FieldShape, ...] | None
    """None when they depend on the runtime type."""
    by_type: dict[str, tuple[FieldShape, ...]]


class ShapeBuilder:
    """Shapes of one operation."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[tuple[str, tuple[int, ...]], Shape] = {}

    def shape(self, nodes: Sequence[Node], type_name: str) -> Shape:
        """The shape of a selection on a type of the API schema."""
        wanted = [node for node in nodes if not node.internal]
        identity = (type_name, tuple(map(id, wanted)))
        if identity not in self._known:
            self._known[identity] = self._build(wanted, type_name)
        return self._known[identity]

    def _build(self, nodes: list[Node], type_name: str) -> Shape:
        type_ = self._schema.type_map[type_name]
        names = [t.name for t in self._schema.get_possible_types(type_)] if is_abstract_type(type_) else [type_name]
        if all(node.types.issuperset(names) for node in nodes):
            return Shape(type_name, self._fields(nodes, [type_name, *names]), {})
        by_type = {name: self._fields([n for n in nodes if name in n.types], [name]) for name in names}
        return Shape(type_name, None, by_type)

    def _fields(self, nodes: list[Node], parents: list[str]) -> tuple[FieldShape, ...]:
        by_key: dict[str, list[Node]] = {}
        for node in nodes:
            by_key.setdefault(node.key, []).append(node)
        return tuple(self._field(same, parents) for same in by_key.values())

    def _field(self, nodes: list[Node], parents: list[str]) -> FieldShape:
        name = nodes[0].name
        parent, type_ = self._definition(name, parents)
        conditions = frozenset(node.conditions for node in nodes)
        named = get_named_type(type_)
        is_object = is_composite_type(named) and not name.startswith("__")
        shape = self.shape(_children(nodes, conditions), named.name) if is_object else None
        values = frozenset(named.values) if isinstance(named, GraphQLEnumType) else None
        return FieldShape(nodes[0].key, name, type_, parent, conditions, shape, values)

    def _definition(self, name: str, parents: list[str]) -> tuple[str, GraphQLOutputType]:
        for parent in parents:
            type_ = self._schema.type_map[parent]
            definition = self._schema.get_field(type_, name) if is_composite_type(type_) else None
            if definition:
                return parent, definition.type
        raise LookupError(f"{parents[0]}.{name}")


def _children(nodes: list[Node], conditions: frozenset[Conditions]) -> list[Node]:
    """What is wanted below; where the nodes differ in their conditions, each child keeps its parent's."""
    if len(conditions) == 1:
        return [child for node in nodes for child in node.children]
    return [
        replace(child, conditions=tuple(sorted({*node.conditions, *child.conditions}))) if node.conditions else child
        for node in nodes
        for child in node.children
    ]
