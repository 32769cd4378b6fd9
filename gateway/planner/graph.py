"""The graph that is walked: from a place, which field can be had where it stands, and which subgraphs could give it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gateway.planner.place import FetchId, FieldStep, Place, Select
from gateway.planner.selection import Node, Normalizer
from gateway.supergraph import Supergraph
from gateway.supergraph.fieldset import FieldSet
from gateway.supergraph.model import Field, Key, Type


class Target(NamedTuple):
    """A type in a subgraph that could be entered by a key."""

    graph: str
    type: Type
    field: Field | None
    """The field wanted there; None for `__typename`."""


class Graph:
    """Field edges and possible moves over the subgraphs of one supergraph; shared by all plans."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self._normalizer = Normalizer(supergraph, {}, typed=True)
        self._fieldsets: dict[FieldSet, list[Node]] = {}
        self._targets: dict[object, tuple[Target, ...]] = {}

    def type_at(self, place: Place) -> Type:
        """The place's type, as its subgraph defines it."""
        return self.supergraph.subgraphs[place.graph].types[place.type]

    def fieldset(self, fieldset: FieldSet) -> list[Node]:
        """The nodes of a field set."""
        if fieldset not in self._fieldsets:
            self._fieldsets[fieldset] = self._normalizer.selection(fieldset.selection, fieldset.type)
        return self._fieldsets[fieldset]

    def root(self, graph: str, kind: str) -> Place | None:
        """The start of a walk in one subgraph."""
        root = self.supergraph.roots.get(kind)
        known = self.supergraph.subgraphs[graph].types.get(root or "")
        if known is None:
            return None
        fetch = FetchId(1, graph, ())
        return Place(graph, known.name, known.possible, fetch, (), frozenset((fetch,)))

    def direct(self, place: Place, node: Node) -> Place | None:
        """The field's place in the same fetch, if the subgraph resolves it for every type it can be here."""
        if node.name == "__typename":
            return None if place.opaque else self._typename(place, node)
        known = self.type_at(place)
        found = known.fields.get(node.name)
        if found is None or not self._resolves(place, known, found):
            return None
        return self.child(place, node, found)

    def child(self, place: Place, node: Node, field: Field) -> Place:
        """The place of a field."""
        returned = self.supergraph.subgraphs[place.graph].types.get(field.type)
        step = FieldStep(
            place.on, node.key, node.name, node.arguments, node.variables, node.conditions, field.shape, not returned
        )
        steps = (*place.steps, step)
        path = (*place.path, *((place.filter,) if place.filter else ()), node.key)
        if returned is None:
            return replace(place, steps=steps, path=path, atoms=(*place.atoms, Select(place.fetch, steps)))
        return Place(  # not `replace`, which is slow: this is the planner's most frequent step
            place.graph,
            returned.name,
            returned.possible,
            place.fetch,
            place.atoms,
            place.fetches,
            opaque=returned.interface_object,
            steps=steps,
            path=path,
            provided=self._provided(place, field),
        )

    def targets(self, place: Place, node: Node) -> Sequence[Target]:
        """Types of other subgraphs that define the field, and could be entered from here."""
        identity = (place.graph, place.type, node.name, place.types if node.name == "__typename" else None)
        if identity not in self._targets:
            self._targets[identity] = tuple(self._find_targets(place, node))
        return self._targets[identity]

    def _find_targets(self, place: Place, node: Node) -> Iterator[Target]:
        for graph in self.supergraph.subgraphs.values():
            for name in self._entry_types(place, graph.id):
                known = graph.types[name]
                if node.name == "__typename":
                    if known.abstract or known.possible == place.types:
                        yield Target(graph.id, known, None)
                elif (found := known.fields.get(node.name)) and self._worth_entering(place, graph.id, found):
                    yield Target(graph.id, known, found)

    def revealing(self, place: Place) -> Iterator[Target]:
        """Types that tell the runtime type of an @interfaceObject."""
        for graph in self.supergraph.subgraphs.values():
            known = graph.types.get(place.type)
            if known and known.abstract and known.resolvable_keys:
                yield Target(graph.id, known, None)

    def keys(self, target: Target) -> list[Key]:
        """The keys by which a target can be entered."""
        return target.type.resolvable_keys

    def is_query(self, type_name: str) -> bool:
        """Whether it is the query root, which needs no key."""
        return type_name == self.supergraph.roots["query"]

    def _worth_entering(self, place: Place, graph: str, field: Field) -> bool:
        if field.external:
            return False
        return graph != place.graph or field.requires is not None

    def _entry_types(self, place: Place, graph: str) -> Iterator[str]:
        types = self.supergraph.subgraphs[graph].types
        if (own := types.get(place.type)) and (own.resolvable_keys or self.is_query(own.name)):
            yield own.name
        for interface in self.supergraph.interfaces.get(place.type, ()):
            known = types.get(interface)
            if known and known.interface_object and known.resolvable_keys:
                yield interface

    def _typename(self, place: Place, node: Node) -> Place:
        step = place.typename_step()._replace(key=node.key, conditions=node.conditions)
        steps = (*place.steps, step)
        return replace(place, steps=steps, atoms=(*place.atoms, Select(place.fetch, steps)))

    def _resolves(self, place: Place, known: Type, field: Field) -> bool:
        if not known.abstract:
            return field.requires is None and (not field.external or self._is_provided(place, field.name, place.types))
        types = self.supergraph.subgraphs[place.graph].types
        return all(self._object_resolves(place, types[name], field.name) for name in place.types)

    def _object_resolves(self, place: Place, known: Type, name: str) -> bool:
        found = known.fields.get(name)
        if found is None or found.requires:
            return False
        return not found.external or self._is_provided(place, name, frozenset((known.name,)))

    def _is_provided(self, place: Place, name: str, types: frozenset[str]) -> bool:
        return any(node.name == name and types <= node.types for node in place.provided)

    def _provided(self, place: Place, field: Field) -> tuple[Node, ...]:
        inherited = [child for node in place.provided if node.name == field.name for child in node.children]
        own = self.fieldset(field.provides) if field.provides else []
        return (*inherited, *own)
