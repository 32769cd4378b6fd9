"""The plan: which fetches run after which, readable by a person and compiled by the executor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphql import parse, print_ast

from gateway.planner.fetch_graph import Fetch, Representation, nodes_text
from gateway.planner.place import FetchId, Path
from gateway.planner.selection import Node


@dataclass(frozen=True, slots=True)
class InOrder:
    """One after the other."""

    steps: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """All at the same time."""

    steps: "tuple[Step, ...]"


Step = InOrder | AtOnce | Fetch


@dataclass(frozen=True, slots=True)
class Plan:
    """How one operation is answered."""

    kind: str
    root: str
    """Name of the root type."""
    nodes: list[Node]
    """What the client asked for."""
    step: Step | None
    """None when no subgraph is needed."""
    fetches: tuple[Fetch, ...]
    name_of: Callable[[str], str]
    """Subgraph id -> name."""

    def pretty(self) -> str:
        """The plan as indented text."""
        return "\n".join(self._lines(self.step, "")) if self.step else "Nothing to fetch"

    def as_json(self) -> dict[str, Any]:
        """The plan for `extensions.queryPlan`."""
        return {"kind": "QueryPlan", "node": self._json(self.step) if self.step else None}

    def _lines(self, step: Step, indent: str) -> Iterable[str]:
        if isinstance(step, Fetch):
            yield from self._fetch_lines(step, indent)
            return
        yield f"{indent}{'Sequence' if isinstance(step, InOrder) else 'Parallel'}"
        for inner in step.steps:
            yield from self._lines(inner, indent + "  ")

    def _fetch_lines(self, fetch: Fetch, indent: str) -> Iterable[str]:
        where = f" at {paths_text(fetch)}" if fetch.paths != [()] else ""
        when = "" if fetch.always else f" if {' or '.join(conditions_text(fetch))}"
        yield f"{indent}Fetch {self.name_of(fetch.graph)}{where}{when}"
        for representation in fetch.representations:
            yield f"{indent}  {representation_text(representation)} =>"
        for line in print_ast(parse(fetch.selections.text())).splitlines():
            yield f"{indent}  {line}"

    def _json(self, step: Step) -> dict[str, Any]:
        if not isinstance(step, Fetch):
            kind = "Sequence" if isinstance(step, InOrder) else "Parallel"
            return {"kind": kind, "nodes": [self._json(inner) for inner in step.steps]}
        return {
            "kind": "Fetch",
            "serviceName": self.name_of(step.graph),
            "path": paths_text(step),
            "requires": [representation_text(representation) for representation in step.representations],
            "conditions": [] if step.always else conditions_text(step),
            "operation": step.selections.text(),
        }


def arrange(fetches: list[Fetch]) -> Step | None:
    """Runs at once what does not depend on each other, and in order what does."""
    parts = [_arrange_connected(part) for part in _connected(fetches)]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AtOnce(tuple(parts))


def _arrange_connected(fetches: list[Fetch]) -> Step:
    present = {fetch.id for fetch in fetches}
    first = [fetch for fetch in fetches if not fetch.needs & present]
    rest = [fetch for fetch in fetches if fetch.needs & present]
    start: Step = first[0] if len(first) == 1 else AtOnce(tuple(first))
    following = arrange(rest)
    if following is None:
        return start
    return InOrder((start, *(following.steps if isinstance(following, InOrder) else (following,))))


def _connected(fetches: list[Fetch]) -> list[list[Fetch]]:
    """Parts with no dependence between them, in the order of their first fetch."""
    part_of: dict[FetchId, list[Fetch]] = {}
    for fetch in fetches:
        joined = [fetch]
        for part in {id(part_of[need]): part_of[need] for need in sorted_needs(fetch) if need in part_of}.values():
            joined = [*part, *joined]
        for member in joined:
            part_of[member.id] = joined
    order = {fetch.id: index for index, fetch in enumerate(fetches)}
    parts = {id(part): sorted(part, key=lambda fetch: order[fetch.id]) for part in part_of.values()}
    return sorted(parts.values(), key=lambda part: order[part[0].id])


def sorted_needs(fetch: Fetch) -> list[FetchId]:
    """What a fetch needs, in an order that does not change between runs."""
    return sorted(fetch.needs, key=lambda need: (need.level, need.graph, path_text(need.path), need.variant))


def path_text(path: Path) -> str:
    """A path as `products.reviews|[Book].author`."""
    text = ""
    for step in path:
        text += f".{step}" if isinstance(step, str) else f"|[{','.join(sorted(step))}]"
    return text.removeprefix(".")


def paths_text(fetch: Fetch) -> str:
    """All paths of a fetch."""
    return ", ".join(path_text(path) for path in fetch.paths)


def conditions_text(fetch: Fetch) -> list[str]:
    """The conditions of which one must hold."""
    return sorted(" ".join(map(str, conditions)) for conditions in fetch.conditions)


def representation_text(representation: Representation) -> str:
    """A representation as a selection."""
    typename = representation.typename or "__typename"
    only = f"|[{','.join(sorted(representation.types))}] " if representation.types else ""
    return f"{only}{typename} {nodes_text(representation.fields)}"
