"""From chosen ways to fetches: what they select, whom they need, when they can be left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.planner.operation_text import Renaming, SelectionTree
from gateway.planner.place import FetchId, Path, Place, Reenter, Represent, Select
from gateway.planner.selection import Conditions, Node


@dataclass(frozen=True, slots=True)
class Representation:
    """How the objects at a fetch's path are told to its subgraph."""

    types: frozenset[str] | None
    """Only objects of these runtime types; None: all."""
    typename: str | None
    """None: the object's own."""
    fields: tuple[Node, ...]
    keys: frozenset[str]
    """Response keys that identify the object: without a value in any, there is nobody to ask for."""

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for representations that are built alike."""
        return self.types, self.typename, nodes_text(self.fields)


def nodes_text(nodes: Iterable[Node]) -> str:
    """Nodes as a selection."""
    return "{" + " ".join(_node_text(node) for node in nodes) + "}"


def _node_text(node: Node) -> str:
    name = node.name if node.key == node.name else f"{node.name}:{node.key}"
    return name + (nodes_text(node.children) if node.children else "")


@dataclass(slots=True, eq=False)
class Fetch:
    """One request to one subgraph."""

    id: FetchId
    selections: SelectionTree = field(default_factory=SelectionTree)
    representations: list[Representation] = field(default_factory=list)
    needs: set[FetchId] = field(default_factory=set)
    conditions: set[Conditions] = field(default_factory=set)
    """It is needed when one of these holds; the empty one always does."""
    renamings: list[Renaming] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    """Where its answer belongs."""

    @property
    def graph(self) -> str:
        """The subgraph's id."""
        return self.id.graph

    @property
    def is_entity_fetch(self) -> bool:
        """Whether it asks `_entities`."""
        return bool(self.representations)

    @property
    def always(self) -> bool:
        """Whether no variable can make it needless."""
        return () in self.conditions


def build_fetches(chosen: Iterable[tuple[Place, Conditions]]) -> list[Fetch]:
    """The fetches of the chosen ways, by level."""
    fetches: dict[FetchId, Fetch] = {}
    for way, conditions in chosen:
        for atom in way.atoms:
            _add(atom, fetches.setdefault(atom.fetch, Fetch(atom.fetch)))
        for fetch_id in dict.fromkeys(atom.fetch for atom in way.atoms):
            fetches[fetch_id].conditions.add(conditions)
    ordered = sorted(fetches.values(), key=lambda fetch: fetch.id.level)
    for fetch in ordered:
        fetch.selections.drop_repeated()
        fetch.renamings = fetch.selections.alias_clashes()
        fetch.paths = [fetch.id.path]
        fetch.needs &= fetches.keys()
    return _batched(ordered)


def _batched(fetches: list[Fetch]) -> list[Fetch]:
    """One fetch for those that ask the same of one subgraph, at the same time, for different paths."""
    kept: dict[object, Fetch] = {}
    merged_into: dict[FetchId, FetchId] = {}
    for fetch in fetches:
        fetch.needs = {merged_into.get(need, need) for need in fetch.needs}
        entering = tuple(representation.identity for representation in fetch.representations)
        identity = (fetch.id.level, fetch.graph, fetch.selections.text(), entering)
        first = kept.setdefault(identity, fetch)
        if first is not fetch:
            merged_into[fetch.id] = first.id
            first.needs |= fetch.needs
            first.paths += fetch.paths
            first.conditions |= fetch.conditions
    return list(kept.values())


def _add(atom: Select | Represent | Reenter, fetch: Fetch) -> None:
    if isinstance(atom, Select):
        fetch.selections.add(atom.steps)
        return
    fetch.needs |= atom.needs
    if isinstance(atom, Represent):
        _represent(atom, fetch.representations)


def _represent(atom: Represent, known: list[Representation]) -> None:
    """Fields for the same objects go into one representation."""
    for index, other in enumerate(known):
        if (other.types, other.typename) == (atom.types, atom.typename):
            fields = _union(other.fields, atom.fields)
            known[index] = Representation(other.types, other.typename, fields, other.keys | atom.keys)
            return
    known.append(Representation(atom.types, atom.typename, _union((), atom.fields), atom.keys))


def _union(first: Sequence[Node], second: Sequence[Node]) -> tuple[Node, ...]:
    """Both selections, a field once with what both want below it."""
    merged: dict[tuple[str, frozenset[str]], Node] = {(node.key, node.types): node for node in first}
    for node in second:
        known = merged.get((node.key, node.types))
        merged[node.key, node.types] = node if known is None else _both(known, node)
    return tuple(merged.values())


def _both(first: Node, second: Node) -> Node:
    if first is second or not first.children:
        return first
    children = list(_union(first.children, second.children))
    return Node(first.key, first.name, first.types, first.returns, first.arguments, children=children)
