"""The walk: for each leaf of an operation, all the ways from the roots to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from gateway.errors import FieldUnreachable
from gateway.planner.best import Leaf, best_combination
from gateway.planner.claims import Claims, aliased_keys
from gateway.planner.graph import Graph, Target
from gateway.planner.place import Atom, FetchId, Place, Reenter, Represent
from gateway.planner.selection import Conditions, Node, without_covered
from gateway.supergraph.fieldset import FieldSet
from gateway.supergraph.model import Key

MAX_WAYS_PER_TYPE = 3
"""Ways kept to the same type of the same subgraph, at one field: the cheapest."""

Guard = frozenset[tuple[str, str, FieldSet | None]]
"""Moves being prepared: preparing one must not need the same one."""


class _Gathered(NamedTuple):
    atoms: tuple[Atom, ...]
    fetches: frozenset[FetchId]
    needs: frozenset[FetchId]


class _Context(NamedTuple):
    guard: Guard
    conditions: Conditions
    idle: tuple[Place, ...]
    """Places whose objects can never be of the wanted types: standing there satisfies the wish."""


class Walker:
    """Walks one operation."""

    def __init__(self, graph: Graph, claims: Claims) -> None:
        self._graph = graph
        self._claims = claims
        self._arrivals: dict[object, Place | None] = {}
        self._narrowed: dict[tuple[Place, str], Place] = {}

    def leaves(self, nodes: Sequence[Node], roots: Sequence[Place]) -> list[Leaf]:
        """Every leaf with its ways. Raises FieldUnreachable."""
        found: list[Leaf] = []
        self._walk(nodes, roots, _Context(frozenset(), (), ()), found)
        return found

    def _walk(self, nodes: Sequence[Node], places: Sequence[Place], context: _Context, out: list[Leaf]) -> None:
        for node in without_covered(nodes):
            self._walk_node(node, places, context, out)

    def _walk_node(self, node: Node, places: Sequence[Place], context: _Context, out: list[Leaf]) -> None:
        live = [place for place in places if place.types & node.types]
        idle = (*context.idle, *(place.with_typename() for place in places if not place.types & node.types))
        inside = _Context(context.guard, (*context.conditions, *node.conditions), idle)
        if not live:
            out.append(Leaf(idle, inside.conditions))
            return
        types = frozenset().union(*(place.types & node.types for place in live))
        whole = [place for place in live if place.types <= node.types]
        found = self._ways(node, whole, context.guard)
        if len(types) == 1:
            partial = [place for place in live if place not in whole] if found else live
            found += self._ways(node, partial, context.guard, next(iter(types)))
        if found:
            self._extend(node, found, inside, out)
        elif len(types) > 1 and any(self._serves_each_type(node, place, context.guard) for place in live):
            for name in sorted(types):
                self._walk_node(replace(node, types=frozenset((name,))), places, context, out)
        else:
            raise FieldUnreachable((*live[0].keys, node.key))

    def _serves_each_type(self, node: Node, place: Place, guard: Guard) -> bool:
        """Whether the field can be had, type by type, from this one place: else the supergraph is not satisfiable."""
        return all(self._ways(node, (place,), guard, name) for name in place.types & node.types)

    def _extend(self, node: Node, found: list[Place], context: _Context, out: list[Leaf]) -> None:
        ways = _cheapest(found)
        is_object = node.returns in self._graph.supergraph.possible
        if is_object and all(child.conditions for child in node.children):
            out.append(Leaf([way.with_typename() for way in ways], context.conditions))
        if node.children:
            self._walk(node.children, ways, context, out)
        elif not is_object:
            out.append(Leaf([*ways, *context.idle], context.conditions))

    def _ways(self, node: Node, places: Iterable[Place], guard: Guard, name: str | None = None) -> list[Place]:
        return [way for place in places for way in self._advance(place, node, guard, name)]

    def _advance(self, place: Place, node: Node, guard: Guard, name: str | None) -> list[Place]:
        """Ways from a place to a field; with `name`, for objects of that type only."""
        if name and place.type != name:
            if place.opaque:
                return self._advance_revealed(place, node, guard, name)
            place = self._narrow(place, name)
        child = self._graph.direct(place, node)
        if child and (not node.children or self._is_contained(child, node)):
            return [child]
        moved = self._moved(place, node, guard)
        return [child, *moved] if child else moved

    def _advance_revealed(self, place: Place, node: Node, guard: Guard, name: str) -> list[Place]:
        """First to a subgraph that knows the runtime type of the interface object."""
        found: list[Place] = []
        for target in self._graph.revealing(place):
            arrived = self._arrive(place, target, None, guard)
            if arrived and name in arrived.types:
                found += self._advance(arrived, node, guard, name)
        return found

    def _narrow(self, place: Place, name: str) -> Place:
        if (place, name) not in self._narrowed:
            self._narrowed[place, name] = place.narrowed(name)
        return self._narrowed[place, name]

    def _is_contained(self, place: Place, node: Node) -> bool:
        """Whether the fetch gives everything below without leaving its subgraph."""
        for child in node.children:
            if not place.types <= child.types:
                return False
            reached = self._graph.direct(place, child)
            if reached is None or (child.children and not self._is_contained(reached, child)):
                return False
        return True

    def _moved(self, place: Place, node: Node, guard: Guard) -> list[Place]:
        found = []
        for target in self._graph.targets(place, node):
            arrived = self._arrive(place, target, target.field.requires if target.field else None, guard)
            if arrived is None:
                continue
            child = self._land(arrived, node, target)
            if child:
                found.append(child)
        return found

    def _land(self, arrived: Place, node: Node, target: Target) -> Place | None:
        if target.field and target.field.requires:
            return self._graph.child(arrived, node, target.field)
        return self._graph.direct(arrived, node)

    def _arrive(self, place: Place, target: Target, requires: FieldSet | None, guard: Guard) -> Place | None:
        token = (target.type.name, target.graph, requires)
        if token in guard:
            return None
        identity = (place, *token, guard)
        if identity not in self._arrivals:
            self._arrivals[identity] = self._best_arrival(place, target, requires, guard | {token})
        return self._arrivals[identity]

    def _best_arrival(self, place: Place, target: Target, requires: FieldSet | None, guard: Guard) -> Place | None:
        if self._graph.is_query(target.type.name):
            return self._reenter(place, target)
        found = (self._arrive_by(place, target, key, requires, guard) for key in self._graph.keys(target))
        return min((arrived for arrived in found if arrived), key=_cost, default=None)

    def _arrive_by(
        self, place: Place, target: Target, key: Key, requires: FieldSet | None, guard: Guard
    ) -> Place | None:
        keys = self._place(place, key.fields)
        fields = [*keys, *(self._place(place, requires) if requires else ())]
        base = place if place.opaque or not target.type.abstract else place.with_typename()
        gathered = self._gather(base, fields, guard)
        if gathered is None:
            return None
        level = 1 + max(fetch.level for fetch in gathered.needs)
        fetch = FetchId(level, target.graph, place.path, ",".join(aliased_keys(fields)))
        is_static = target.type.interface_object or place.opaque or not target.type.abstract
        typename = target.type.name if is_static else None
        entered = Represent(
            fetch, place.filter, typename, tuple(fields), frozenset(node.key for node in keys), gathered.needs
        )
        return self._standing(place, target, fetch, gathered, entered)

    def _place(self, place: Place, fieldset: FieldSet) -> list[Node]:
        return self._claims.place(self._graph.fieldset(fieldset), place.keys)

    def _reenter(self, place: Place, target: Target) -> Place:
        base = place.with_typename()
        fetch = FetchId(place.fetch.level + 1, target.graph, place.path)
        needs = frozenset((place.fetch,))
        return self._standing(place, target, fetch, _Gathered(base.atoms, base.fetches, needs), Reenter(fetch, needs))

    def _standing(self, place: Place, target: Target, fetch: FetchId, gathered: _Gathered, entered: Atom) -> Place:
        known = target.type
        types = known.possible if place.opaque else place.types
        return replace(
            place,
            graph=target.graph,
            type=known.name,
            types=types,
            fetch=fetch,
            atoms=(*gathered.atoms, entered),
            fetches=gathered.fetches | {fetch},
            opaque=known.interface_object,
            steps=(),
            on=None if isinstance(entered, Reenter) else known.name,
            provided=(),
        )

    def _gather(self, place: Place, fields: Sequence[Node], guard: Guard) -> _Gathered | None:
        """What must be fetched to know these fields of the place's object."""
        leaves: list[Leaf] = []
        try:
            self._walk(fields, [place], _Context(guard, (), ()), leaves)
        except FieldUnreachable:
            return None
        chosen = best_combination(leaves)
        atoms = dict.fromkeys(atom for way in (place, *chosen) for atom in way.atoms)
        fetches = place.fetches.union(*(way.fetches for way in chosen))
        return _Gathered(tuple(atoms), fetches, frozenset({place.fetch, *(way.fetch for way in chosen)}))


def _cost(place: Place) -> tuple[int, int, int]:
    return place.fetch.level, len(place.fetches), len(place.atoms)


def _cheapest(places: list[Place]) -> list[Place]:
    """The few cheapest ways to each type of each subgraph."""
    kept: dict[tuple[str, str], list[Place]] = {}
    for place in sorted(places, key=_cost):
        same = kept.setdefault((place.graph, place.type), [])
        if len(same) < MAX_WAYS_PER_TYPE:
            same.append(place)
    return [place for same in kept.values() for place in same]
