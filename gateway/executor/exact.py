"""Which parts of the answer are, as fetched, already what the client asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gateway.executor.shape import FieldShape, Shape
from gateway.planner.fetch_graph import Fetch
from gateway.planner.operation_text import Selected
from gateway.planner.place import FetchId
from gateway.planner.plan import AtOnce, Step

Keys = tuple[str, ...]


class Group(NamedTuple):
    """What one fetch selects on the objects at a path."""

    fetch: Fetch
    selected: list[Selected]


class Exactness:
    """Compares the answer's shape to what the fetches select."""

    def __init__(self, fetches: Iterable[Fetch], step: Step | None, allowed: Mapping[str, frozenset[str]]) -> None:
        """`allowed`: enum -> the values that every subgraph may give."""
        self._groups: defaultdict[Keys, list[Group]] = defaultdict(list)
        self._allowed = allowed
        self._racing = frozenset(_racing(step)) if step else frozenset()
        self._needs: dict[FetchId, set[FetchId]] = {}
        for fetch in fetches:
            self._needs[fetch.id] = fetch.needs.union(*(self._needs[need] for need in fetch.needs))
            for path in fetch.paths:
                self._index(fetch, list(fetch.selections.children.values()), _keys(path))

    def is_exact(self, shape: Shape, path: Keys) -> bool:
        """Whether the objects at a path, once all is merged, hold the wanted fields, in order, and nothing else."""
        groups = self._groups[path]
        if shape.fields is None or not groups or (len(groups) > 1 and not self._add_up(groups)):
            return False
        selected = [one for group in groups for one in group.selected]
        return len(selected) == len(shape.fields) and all(
            self._is_same(one, field, shape.type, path) for one, field in zip(selected, shape.fields, strict=True)
        )

    def overlaps(self, fetch: Fetch) -> bool:
        """Whether an object below the fetch's own may be there already, from another fetch."""
        composites = [step.step.key for step in fetch.selections.children.values() if step.children]
        return any(
            group.fetch is not fetch and fetch.id not in self._needs[group.fetch.id]
            for path in fetch.paths
            for key in composites
            for group in self._groups[*_keys(path), key]
        )

    def needs_check(self, field: FieldShape) -> bool:
        """Whether a subgraph may give an enum value that clients do not know."""
        return field.values is not None and not self._allowed.get(_named(field), frozenset()) <= field.values

    def _add_up(self, groups: list[Group]) -> bool:
        """Whether every object gets what each group selects, always and one after the other."""
        fetches = [group.fetch for group in groups]
        return len(set(map(id, fetches))) == len(fetches) and all(map(self._reaches_all, fetches))

    def _reaches_all(self, fetch: Fetch) -> bool:
        return (
            fetch.always
            and fetch.id not in self._racing
            and all(isinstance(step, str) for path in fetch.paths for step in path)
            and all(representation.types is None for representation in fetch.representations)
        )

    def _is_same(self, selected: Selected, field: FieldShape, type_name: str, path: Keys) -> bool:
        step = selected.step
        if selected.key != field.key or step.conditions or not field.always or self.needs_check(field):
            return False
        if step.on not in (None, type_name):
            return False
        return field.shape is None or self.is_exact(field.shape, (*path, field.key))

    def _index(self, fetch: Fetch, selected: list[Selected], path: Keys) -> None:
        self._groups[path].append(Group(fetch, selected))
        for one in selected:
            if one.children:
                self._index(fetch, list(one.children.values()), (*path, one.step.key))


def _racing(step: Step, among_chains: bool = False) -> Iterable[FetchId]:
    """Fetches whose answers are merged in no fixed order: those beside a chain of others."""
    if isinstance(step, Fetch):
        if among_chains:
            yield step.id
        return
    if isinstance(step, AtOnce):
        among_chains = among_chains or not all(isinstance(inner, Fetch) for inner in step.steps)
    for inner in step.steps:
        yield from _racing(inner, among_chains)


def _keys(path: Iterable[object]) -> Keys:
    return tuple(step for step in path if isinstance(step, str))


def _named(field: FieldShape) -> str:
    return str(field.type).strip("[]!")
