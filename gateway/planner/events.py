"""A subgraph that is no service: events, which know of an entity its keys only.

A subscription fed by a bus gives one entity representation per event; everything else is fetched by federation.
"""

from dataclasses import replace
from typing import Any

from gateway.planner.graph import Graph
from gateway.planner.operation_text import Selected
from gateway.planner.selection import Node
from gateway.supergraph.model import Field, Subgraph, Supergraph, Type

EVENTS = "(events)"


def with_events(graph: Graph) -> Graph:
    """The same graph with that subgraph, for planning subscriptions that start from an event."""
    supergraph = graph.supergraph
    events = Subgraph(EVENTS, EVENTS, "")
    root = supergraph.roots["subscription"]
    for name in supergraph.possible:
        events.types[name] = Type(name, name in supergraph.abstract, possible=supergraph.possible[name])
    for subgraph in supergraph.subgraphs.values():
        for known in subgraph.types.values():
            if known.name == root:
                events.types[root].fields.update({f.name: _bare(f) for f in known.fields.values()})
            for key in known.keys:
                _add_fields(events, supergraph, subgraph, graph.fieldset(key.fields), known.name)
    return Graph(replace(supergraph, subgraphs={**supergraph.subgraphs, EVENTS: events}))


def _bare(field: Field) -> Field:
    return Field(field.name, field.type, field.shape)


def _add_fields(events: Subgraph, supergraph: Supergraph, subgraph: Subgraph, nodes: list[Node], parent: str) -> None:
    for node in nodes:
        for name in {parent, *(node.types if parent in supergraph.abstract else ())}:
            found = subgraph.types[name].fields.get(node.name) if name in subgraph.types else None
            if found:
                events.types[name].fields.setdefault(node.name, _bare(found))
        if node.children:
            _add_fields(events, supergraph, subgraph, node.children, node.returns)


def pick(selected: dict[Any, Selected], known: Any) -> Any:
    """What a selection finds in a representation."""
    if isinstance(known, list):
        return [pick(selected, item) for item in known]
    if not isinstance(known, dict):
        return known
    picked = {}
    for one in selected.values():
        if one.step.name in known and one.step.on in (None, known.get("__typename")):
            value = known[one.step.name]
            picked[one.step.key] = pick(one.children, value) if one.children else value
    return picked
