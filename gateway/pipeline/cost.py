"""Estimates how many objects an operation can bring back, from its list sizes and its variables."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_introspection_type,
    is_list_type,
    is_non_null_type,
)

from gateway.pipeline.lru import LRU

SIZE_ARGUMENTS = frozenset(("first", "last", "limit", "pageSize"))
NOT_GIVEN = object()


class Cost(NamedTuple):
    """`objects` expected in the answer; `largest_list` is the largest size asked for by an argument."""

    objects: int
    largest_list: int


NOTHING = Cost(0, 0)


class Estimate:
    """The cost of one valid operation, worked out once for each combination of its size variables."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, assumed_list_size: int
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._assumed = assumed_list_size
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: _literal(node.default_value) for node in operation.variable_definitions or ()
        }
        self._size_variables: set[str] = set()
        self._known: LRU[tuple[object, ...], Cost] = LRU(64)
        self._constant = self._evaluate({})
        self._names = tuple(sorted(self._size_variables))

    def of(self, variables: Mapping[str, Any]) -> Cost:
        """The cost with these variables."""
        if not self._names:
            return self._constant
        key = tuple([value if isinstance(value := variables.get(name), int) else None for name in self._names])
        cost = self._known.get(key)
        if cost is None:
            cost = self._evaluate(variables)
            self._known.put(key, cost)
        return cost

    def _evaluate(self, variables: Mapping[str, Any]) -> Cost:
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            return NOTHING
        return _Evaluation(self._schema, self._fragments, self._size, variables, self._assumed).selections(
            self._operation.selection_set, root.name, None
        )

    def _size(self, node: FieldNode, variables: Mapping[str, Any]) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value in SIZE_ARGUMENTS:
                size = self._value(argument.value, variables)
                if size is not None:
                    return max(size, 0)
        return None

    def _value(self, node: object, variables: Mapping[str, Any]) -> int | None:
        if not isinstance(node, VariableNode):
            return _literal(node)
        name = node.name.value
        self._size_variables.add(name)
        value = variables.get(name, NOT_GIVEN)
        if value is NOT_GIVEN:
            return self._defaults.get(name)
        return value if isinstance(value, int) else None


class _Evaluation:
    """One walk over an operation; each fragment is worked out once, however often it is spread."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        size_of: Callable[[FieldNode, Mapping[str, Any]], int | None],
        variables: Mapping[str, Any],
        assumed: int,
    ) -> None:
        self._types = schema.type_map
        self._fragments = fragments
        self._size_of = size_of
        self._variables = variables
        self._assumed = assumed
        self._known: dict[tuple[str, int | None], Cost] = {}

    def selections(self, selection_set: SelectionSetNode, type_name: str, page: int | None) -> Cost:
        """`page` is the size that the parent field was given for the lists right below it (a Relay connection)."""
        objects = largest = 0
        for node in selection_set.selections:
            cost = self._selection(node, type_name, page)
            objects += cost.objects
            largest = max(largest, cost.largest_list)
        return Cost(objects, largest)

    def _selection(self, node: object, type_name: str, page: int | None) -> Cost:
        if isinstance(node, FieldNode):
            return self._field(node, type_name, page)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, page)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else type_name
            return self.selections(node.selection_set, condition, page)
        return NOTHING

    def _fragment(self, name: str, page: int | None) -> Cost:
        if (name, page) not in self._known:
            fragment = self._fragments[name]
            type_name = fragment.type_condition.name.value
            self._known[name, page] = self.selections(fragment.selection_set, type_name, page)
        return self._known[name, page]

    def _field(self, node: FieldNode, type_name: str, page: int | None) -> Cost:
        fields: dict[str, GraphQLField] = getattr(self._types.get(type_name), "fields", {})
        field = fields.get(node.name.value)
        if field is None:
            return NOTHING
        named = get_named_type(field.type)
        size = self._size_of(node, self._variables)
        if node.selection_set is None or not is_composite_type(named) or is_introspection_type(named):
            return Cost(0, size or 0)  # a leaf comes with its object
        if not _is_list(field.type):
            below = self.selections(node.selection_set, named.name, size)
            return Cost(1 + below.objects, max(size or 0, below.largest_list))
        below = self.selections(node.selection_set, named.name, None)
        count = next((known for known in (size, page) if known is not None), self._assumed)
        return Cost(count * (1 + below.objects), max(size or 0, below.largest_list))


def _is_list(kind: GraphQLOutputType) -> bool:
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)


def _literal(node: object) -> int | None:
    return int(node.value) if isinstance(node, IntValueNode) else None
