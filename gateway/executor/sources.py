"""Which fetch gives which part of the answer's objects: an index of all selections by path."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.planner.fetch_graph import Fetch
from gateway.planner.operation_text import Selected
from gateway.planner.place import FetchId, Path
from gateway.planner.plan import AtOnce, Step

Keys = tuple[str, ...]


class Group(NamedTuple):
    """What one fetch selects on the objects at a path."""

    fetch: Fetch
    selected: list[Selected]
    is_entry: bool
    """Whether the fetch enters here: the objects are there before its answer."""


class Sources:
    """The groups of a plan."""

    def __init__(self, fetches: Iterable[Fetch], step: Step | None) -> None:
        self._groups: defaultdict[Keys, list[Group]] = defaultdict(list)
        self._racing = frozenset(_racing(step)) if step else frozenset()
        self._needs: dict[FetchId, set[FetchId]] = {}
        for fetch in fetches:
            self._needs[fetch.id] = fetch.needs.union(*(self._needs[need] for need in fetch.needs))
            for path in fetch.paths:
                self._index(Group(fetch, list(fetch.selections.children.values()), True), keys_of(path))

    def of(self, path: Keys) -> list[Group]:
        """The groups at a path, in the order of their fetches."""
        return self._groups[path]

    def add_up(self, groups: list[Group]) -> bool:
        """Whether every object gets what each group selects, always and one after the other."""
        fetches = [group.fetch for group in groups]
        return len(set(map(id, fetches))) == len(fetches) and all(map(self._reaches_all, fetches))

    def may_be_there(self, fetch: Fetch, path: Keys) -> Iterator[Group]:
        """What may be at a path when a fetch is answered."""
        for group in self._groups[path]:
            if group.fetch is not fetch and fetch.id not in self._needs[group.fetch.id]:
                yield group

    def overlaps(self, fetch: Fetch) -> bool:
        """Whether an object below the fetch's own may be there already, from another fetch."""
        composites = [step.step.key for step in fetch.selections.children.values() if step.children]
        below = ((*keys_of(path), key) for path in fetch.paths for key in composites)
        return any(True for path in below for _ in self.may_be_there(fetch, path))

    def enters_stubs(self, fetch: Fetch) -> bool:
        """Whether the objects that a fetch asks about hold their key and nothing else: equal keys, equal objects."""
        if len(fetch.paths) != 1 or len(fetch.representations) != 1:
            return False
        there = [one for group in self.may_be_there(fetch, keys_of(fetch.paths[0])) for one in group.selected]
        (representation,) = fetch.representations
        wanted = [field.key for field in representation.fields]
        return [one.key for one in there] == wanted and not any(one.children or one.step.conditions for one in there)

    def known_base(self, fetch: Fetch) -> Path:
        """The longest path above a fetch whose objects another one that it needs has looked up for good."""
        (path, *others) = fetch.paths
        bases = [
            need.path for need in self._needs[fetch.id] if _is_above(need.path, path) and self._is_final(need.path)
        ]
        return () if others else max(bases, key=len, default=())

    def _is_final(self, path: Path) -> bool:
        """Whether all objects at a path come with one answer."""
        if not all(isinstance(step, str) for step in path):
            return False
        prefixes = (keys_of(path[: length + 1]) for length in range(len(path)))
        return all(sum(not group.is_entry for group in self._groups[prefix]) == 1 for prefix in prefixes)

    def _reaches_all(self, fetch: Fetch) -> bool:
        return (
            fetch.always
            and fetch.id not in self._racing
            and all(isinstance(step, str) for path in fetch.paths for step in path)
            and all(representation.types is None for representation in fetch.representations)
        )

    def _index(self, group: Group, path: Keys) -> None:
        self._groups[path].append(group)
        for one in group.selected:
            if one.children:
                self._index(Group(group.fetch, list(one.children.values()), False), (*path, one.step.key))


def keys_of(path: Iterable[object]) -> Keys:
    """The response keys of a path."""
    return tuple(step for step in path if isinstance(step, str))


def _is_above(base: Path, path: Path) -> bool:
    return len(base) < len(path) and path[: len(base)] == base


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
