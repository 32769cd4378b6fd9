"""The planner's entry: normalize, walk, take the best combination, build the fetch graph, arrange the plan."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from graphql import FragmentDefinitionNode, OperationDefinitionNode

from gateway.errors import FieldUnreachable
from gateway.planner.best import best_combination
from gateway.planner.claims import Claims
from gateway.planner.fetch_graph import Fetch, build_fetches
from gateway.planner.graph import Graph
from gateway.planner.place import Place
from gateway.planner.plan import InOrder, Plan, Step, arrange
from gateway.planner.selection import Node, Normalizer
from gateway.planner.walk import Walker


def plan_operation(
    graph: Graph,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    start: str | None = None,
) -> Plan:
    """Raises FieldUnreachable where no subgraph can be asked. `start`: the only subgraph to start from."""
    kind = operation.operation.value
    root = graph.supergraph.roots[kind]
    nodes = Normalizer(graph.supergraph, fragments).selection(operation.selection_set, root)
    planner = _Planner(graph, kind, nodes, start)
    wanted = [node for node in nodes if not node.name.startswith("__")]
    parts = [planner.fetches(part, roots) for part, roots in planner.parts(wanted)]
    steps = [step for step in map(arrange, parts) if step]
    fetches = tuple(fetch for part in parts for fetch in part)
    names = {subgraph.id: subgraph.name for subgraph in graph.supergraph.subgraphs.values()}
    return Plan(kind, root, nodes, _in_order(steps), fetches, names.__getitem__)


def _in_order(steps: Sequence[Step]) -> Step | None:
    if len(steps) < 2:
        return steps[0] if steps else None
    return InOrder(tuple(inner for step in steps for inner in (step.steps if isinstance(step, InOrder) else (step,))))


class _Planner:
    def __init__(self, graph: Graph, kind: str, nodes: list[Node], start: str | None) -> None:
        self._kind = kind
        self._walker = Walker(graph, Claims(nodes))
        starts = (graph.root(name, kind) for name in graph.supergraph.subgraphs if start in (None, name))
        self._roots = [root for root in starts if root]

    def parts(self, nodes: list[Node]) -> Iterable[tuple[list[Node], list[Place]]]:
        """What is planned together: all of a query, but of a mutation only neighbours of one subgraph."""
        if self._kind == "query":
            yield nodes, self._roots
            return
        for root, part in groupby(nodes, self._only_root):
            yield list(part), [root]

    def fetches(self, nodes: list[Node], roots: list[Place]) -> list[Fetch]:
        """The cheapest fetches for some root fields."""
        leaves = self._walker.leaves(nodes, roots)
        chosen = best_combination(leaves)
        return build_fetches((way, leaf.conditions) for way, leaf in zip(chosen, leaves, strict=True))

    def _only_root(self, node: Node) -> Place:
        """The subgraph that answers a root field alone: a mutation must not be run twice."""
        found: list[tuple[int, int, Place]] = []
        for root in self._roots:
            try:
                fetches = self.fetches([node], [root])
            except FieldUnreachable:
                continue
            found.append((max(fetch.id.level for fetch in fetches), len(fetches), root))
        if not found:
            raise FieldUnreachable((node.key,))
        return min(found, key=lambda option: option[:2])[2]
