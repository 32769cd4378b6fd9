"""Selections without fragments: each field says for which runtime types, and under which conditions, it is wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    print_ast,
)

from gateway.supergraph import Supergraph


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """`@include(if: $variable)`, or `@skip` where `wanted` is false."""

    variable: str
    wanted: bool

    def __str__(self) -> str:
        return f"@{'include' if self.wanted else 'skip'}(if: ${self.variable})"


Conditions = tuple[Condition, ...]


@dataclass(slots=True, eq=False)
class Node:
    """A wanted field; two are the same when they are the same object."""

    key: str
    """Response key."""
    name: str
    types: frozenset[str]
    """Runtime types of the parent for which it is wanted."""
    returns: str
    """Named type, over all subgraphs."""
    arguments: str = ""
    variables: frozenset[str] = frozenset()
    conditions: Conditions = ()
    children: "list[Node]" = field(default_factory=list)
    internal: bool = False
    """Wanted by the gateway, not by the client."""

    @property
    def signature(self) -> str:
        """What must be equal for two fields to share a response key."""
        return self.name + self.arguments


class Normalizer:
    """Flattens selection sets of one document."""

    def __init__(
        self, supergraph: Supergraph, fragments: Mapping[str, FragmentDefinitionNode], *, typed: bool = False
    ) -> None:
        """`typed`: nested objects of abstract types always come with their type, as representations need."""
        self._supergraph = supergraph
        self._fragments = fragments
        self._typed = typed

    def selection(self, selection: SelectionSetNode, parent: str) -> list[Node]:
        """The fields of a selection set on `parent`, `__typename` added where the runtime type decides."""
        everything = self._supergraph.possible[parent]
        nodes: dict[Any, Node] = {}
        self._collect(selection, parent, everything, (), nodes)
        found = list(nodes.values())
        self._share_typenames(found)
        if parent in self._supergraph.abstract and any(node.types != everything for node in found):
            _want_typename(found, everything)
        return found

    def _share_typenames(self, nodes: list[Node]) -> None:
        """What is wanted under one response key is one answer: if its type decides, it is wanted by each of them."""
        by_key: dict[str, list[Node]] = {}
        for node in nodes:
            by_key.setdefault(node.key, []).append(node)
        for same in by_key.values():
            if len(same) > 1 and any(child.internal for node in same for child in node.children):
                for node in same:
                    _want_typename(node.children, self._supergraph.possible[node.returns])

    def _collect(
        self, selection: SelectionSetNode, parent: str, types: frozenset[str], conditions: Conditions, out: Any
    ) -> None:
        for selected in selection.selections:
            own = _conditions(selected)
            if own is None:
                continue
            both = tuple(sorted({*conditions, *own}))
            if isinstance(selected, FieldNode):
                self._add(selected, parent, types, both, out)
                continue
            on, inner = self._fragment(selected)
            narrowed = types & self._supergraph.possible.get(on, frozenset()) if on else types
            if narrowed:
                self._collect(inner, on or parent, narrowed, both, out)

    def _fragment(self, selected: Any) -> tuple[str | None, SelectionSetNode]:
        if isinstance(selected, FragmentSpreadNode):
            fragment = self._fragments[selected.name.value]
            return fragment.type_condition.name.value, fragment.selection_set
        assert isinstance(selected, InlineFragmentNode)  # noqa: S101 - GraphQL has no fourth kind of selection
        condition = selected.type_condition
        return (condition.name.value if condition else None), selected.selection_set

    def _add(
        self, selected: FieldNode, parent: str, types: frozenset[str], conditions: Conditions, out: dict[Any, Node]
    ) -> None:
        name = selected.name.value
        key = selected.alias.value if selected.alias else name
        arguments, variables = _arguments(selected)
        returns = self._returns(parent, name, types)
        identity = (key, name, types, conditions, arguments)
        node = out.get(identity)
        if node is None:
            node = out[identity] = Node(key, name, types, returns, arguments, variables, conditions)
        if selected.selection_set and not name.startswith("__"):  # introspection is not planned
            node.children = _merged(node.children, self._children(selected.selection_set, returns))

    def _children(self, selection: SelectionSetNode, returns: str) -> list[Node]:
        children = self.selection(selection, returns)
        if self._typed and returns in self._supergraph.abstract:
            _want_typename(children, self._supergraph.possible[returns])
        return children

    def _returns(self, parent: str, name: str, types: frozenset[str]) -> str:
        if name.startswith("__"):
            return "String"
        fields = self._supergraph.field_types
        if name in fields[parent]:
            return fields[parent][name]
        return next(fields[t][name] for t in sorted(types) if name in fields[t])


def typename_node(types: frozenset[str]) -> Node:
    """The `__typename` that the gateway asks for itself."""
    return Node("__typename", "__typename", types, "String", internal=True)


def _want_typename(nodes: list[Node], types: frozenset[str]) -> None:
    """Adds the `__typename` of all these types to a selection that does not have it."""
    if not any(node.name == node.key == "__typename" and node.types >= types and not node.conditions for node in nodes):
        nodes.append(typename_node(types))


def _merged(first: list[Node], second: list[Node]) -> list[Node]:
    """Two selections of the same field."""
    if not first:
        return second
    found = {(n.key, n.name, n.types, n.conditions, n.arguments): n for n in first}
    for node in second:
        identity = (node.key, node.name, node.types, node.conditions, node.arguments)
        known = found.setdefault(identity, node)
        if known is not node:
            known.children = _merged(known.children, node.children)
            known.internal = known.internal and node.internal
    return list(found.values())


def without_covered(nodes: Sequence[Node]) -> Iterable[Node]:
    """The fields without those leaves that are wanted anyway, for more types or with fewer conditions."""
    for node in nodes:
        if node.children or not any(_covers(other, node) for other in nodes if other is not node):
            yield node


def _covers(wide: Node, narrow: Node) -> bool:
    if wide.key != narrow.key or wide.signature != narrow.signature or wide.children or wide.internal:
        return False
    same = wide.types == narrow.types and wide.conditions == narrow.conditions and not narrow.internal
    return not same and narrow.types <= wide.types and set(wide.conditions) <= set(narrow.conditions)


def _conditions(selected: Any) -> tuple[Condition, ...] | None:
    """The conditions that only the variables decide; None when the selection is never wanted."""
    found = []
    for directive in selected.directives or ():
        if directive.name.value not in ("include", "skip"):
            continue
        wanted = directive.name.value == "include"
        value = directive.arguments[0].value
        if isinstance(value, VariableNode):
            found.append(Condition(value.name.value, wanted))
        elif value.value is not wanted:
            return None
    return tuple(found)


def _arguments(selected: FieldNode) -> tuple[str, frozenset[str]]:
    if not selected.arguments:
        return "", frozenset()
    variables: set[str] = set()
    for argument in selected.arguments:
        _find_variables(argument.value, variables)
    ordered = sorted(selected.arguments, key=lambda argument: argument.name.value)
    return f"({', '.join(print_ast(argument) for argument in ordered)})", frozenset(variables)


def _find_variables(value: Any, into: set[str]) -> None:
    if isinstance(value, VariableNode):
        into.add(value.name.value)
    for inner in getattr(value, "values", None) or ():
        _find_variables(inner, into)
    for member in getattr(value, "fields", None) or ():
        _find_variables(member.value, into)
