"""From a supergraph document to the model that the planner walks."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLError,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from gateway.errors import SupergraphInvalid
from gateway.supergraph.api_schema import build_api_schema
from gateway.supergraph.directives import Names, applied, linked_names
from gateway.supergraph.fieldset import FieldSet, parse_fieldset
from gateway.supergraph.model import Field, Key, Subgraph, Supergraph, Type

CompositeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode


def load_supergraph(sdl: str) -> Supergraph:
    """Raises SupergraphInvalid with what is wrong."""
    try:
        document = parse(sdl)
    except GraphQLError as error:
        raise SupergraphInvalid(f"The supergraph does not parse: {error}") from error
    names = linked_names(document)
    return _Loader(document, names).load()


class _Loader:
    def __init__(self, document: DocumentNode, names: Names) -> None:
        self.document = document
        self.names = names
        self.composites: dict[str, CompositeNode] = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, CompositeNode) and not names.is_machinery(node.name.value)
        }
        self.subgraphs = self._read_subgraphs()

    def load(self) -> Supergraph:
        for node in self.composites.values():
            self._read_type(node)
        possible = self._possible_everywhere()
        self._fill_possible(possible)
        return Supergraph(
            subgraphs=self.subgraphs,
            api=build_api_schema(self.document, self.names),
            roots=self._roots(),
            possible=possible,
            abstract=frozenset(n for n, node in self.composites.items() if not _is_object(node)),
            interfaces={
                name: tuple(i.name.value for i in node.interfaces or ())
                for name, node in self.composites.items()
                if isinstance(node, ObjectTypeDefinitionNode)
            },
            field_types={
                name: {f.name.value: _named(f.type) for f in _fields(node)} for name, node in self.composites.items()
            },
            enums={
                node.name.value: frozenset(value.name.value for value in node.values or ())
                for node in self.document.definitions
                if isinstance(node, EnumTypeDefinitionNode)
            },
        )

    def _directive(self, name: str) -> str:
        return f"{self.names.join}__{name}"

    def _read_subgraphs(self) -> dict[str, Subgraph]:
        graph = self._directive("Graph")
        for node in self.document.definitions:
            if isinstance(node, EnumTypeDefinitionNode) and node.name.value == graph:
                return {value.name.value: self._read_subgraph(value) for value in node.values or ()}
        raise SupergraphInvalid(f"No enum {graph!r}: this is not a supergraph. Compose the subgraphs first.")

    def _read_subgraph(self, value: Any) -> Subgraph:
        for graph in applied(value, self._directive("graph")):
            return Subgraph(value.name.value, str(graph.get("name")), str(graph.get("url") or ""))
        raise SupergraphInvalid(f"Subgraph {value.name.value!r} has no @{self._directive('graph')}.")

    def _read_type(self, node: CompositeNode) -> None:
        name = node.name.value
        for join in applied(node, self._directive("type")):
            types = self._subgraph(join, name).types
            known = types.setdefault(name, Type(name, abstract=not _is_object(node)))
            if join.get("isInterfaceObject"):
                known.interface_object, known.abstract = True, False
            if key := join.get("key"):
                known.keys.append(Key(parse_fieldset(key, name), join.get("resolvable") is not False))
        for field_node in _fields(node):
            self._read_field(name, field_node)

    def _subgraph(self, join: dict[str, Any], where: str) -> Subgraph:
        try:
            return self.subgraphs[join["graph"]]
        except KeyError:
            raise SupergraphInvalid(f"{where!r} names an unknown subgraph {join.get('graph')!r}.") from None

    def _read_field(self, type_name: str, node: FieldDefinitionNode) -> None:
        joins = list(applied(node, self._directive("field")))
        if not joins:
            joins = [{"graph": name} for name, graph in self.subgraphs.items() if type_name in graph.types]
        for join in joins:
            if join.get("graph") is None:  # resolved through an interface object, by no subgraph of this type
                continue
            graph = self._subgraph(join, f"{type_name}.{node.name.value}")
            if type_name not in graph.types:
                raise SupergraphInvalid(f"{type_name}.{node.name.value} is of {graph.name!r}, the type is not.")
            graph.types[type_name].fields[node.name.value] = self._field(type_name, node, join)

    def _field(self, type_name: str, node: FieldDefinitionNode, join: dict[str, Any]) -> Field:
        shape = str(join.get("type") or print_ast(node.type))
        named = shape.strip("[]!")
        return Field(
            name=node.name.value,
            type=named,
            shape=shape,
            # A label nobody evaluates leaves the field with the subgraph it is being moved from.
            external=bool(join.get("external") or (join.get("usedOverridden") and not join.get("overrideLabel")))
            or bool(join.get("override") and join.get("overrideLabel")),
            requires=self._fieldset(join.get("requires"), type_name),
            provides=self._fieldset(join.get("provides"), named),
        )

    def _fieldset(self, source: str | None, on: str) -> FieldSet | None:
        return parse_fieldset(source, on) if source else None

    def _possible_everywhere(self) -> dict[str, frozenset[str]]:
        """Runtime types by type; an interface that nothing implements stands for itself (as interface objects may)."""
        possible: defaultdict[str, set[str]] = defaultdict(set)
        for name, node in self.composites.items():
            if isinstance(node, UnionTypeDefinitionNode):
                possible[name].update(member.name.value for member in node.types or ())
            elif isinstance(node, ObjectTypeDefinitionNode):
                possible[name].add(name)
                for interface in node.interfaces or ():
                    possible[interface.name.value].add(name)
        return {name: frozenset(possible[name] or {name}) for name in self.composites}

    def _fill_possible(self, everywhere: dict[str, frozenset[str]]) -> None:
        for graph in self.subgraphs.values():
            for known in graph.types.values():
                if known.interface_object:
                    known.possible = everywhere[known.name]
                elif not known.abstract or known.name in everywhere[known.name]:
                    known.possible = frozenset({known.name})
        for name, node in self.composites.items():
            if isinstance(node, UnionTypeDefinitionNode):
                self._fill_union(name, node)
            elif isinstance(node, ObjectTypeDefinitionNode):
                self._fill_interfaces(name, node)

    def _fill_union(self, name: str, node: UnionTypeDefinitionNode) -> None:
        members = list(applied(node, self._directive("unionMember")))
        for graph_id, graph in self.subgraphs.items():
            if name in graph.types:
                own = {join["member"] for join in members if join["graph"] == graph_id}
                fallback = (
                    {m.name.value for m in node.types or () if m.name.value in graph.types} if not members else set()
                )
                graph.types[name].possible = frozenset(own | fallback)

    def _fill_interfaces(self, name: str, node: ObjectTypeDefinitionNode) -> None:
        for join in applied(node, self._directive("implements")):
            interface = self._subgraph(join, name).types.get(str(join["interface"]))
            if interface and interface.abstract:
                interface.possible |= {name}

    def _roots(self) -> dict[str, str]:
        for node in self.document.definitions:
            if isinstance(node, SchemaDefinitionNode):
                return {o.operation.value: o.type.name.value for o in node.operation_types}
        defaults = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
        return {kind: name for kind, name in defaults.items() if name in self.composites}


def _fields(node: CompositeNode) -> Sequence[FieldDefinitionNode]:
    return () if isinstance(node, UnionTypeDefinitionNode) else node.fields or ()


def _is_object(node: CompositeNode) -> bool:
    return isinstance(node, ObjectTypeDefinitionNode)


def _named(node: TypeNode) -> str:
    return print_ast(node).strip("[]!")
