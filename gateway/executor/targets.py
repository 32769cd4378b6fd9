"""Whom a fetch asks about: the objects at its paths, found from where an earlier fetch looked already."""

from gateway.executor.paths import Object, objects_at, objects_below
from gateway.executor.sources import Sources
from gateway.executor.state import State
from gateway.planner.fetch_graph import Fetch


class Targets:
    """Finds the objects of one fetch."""

    def __init__(self, fetch: Fetch, sources: Sources) -> None:
        self._paths = fetch.paths
        self._path = fetch.paths[0]
        self._base = sources.known_base(fetch)
        self._rest = self._path[len(self._base) :]
        self._key = ""
        """What identifies stubs: objects that hold it and nothing else."""
        if sources.enters_stubs(fetch) and len(fetch.representations[0].fields) == 1:
            self._key = fetch.representations[0].fields[0].key

    def find(self, state: State) -> list[Object]:
        """The objects, nulls left out; equal stubs are one object from now on."""
        if len(self._paths) > 1:
            return [found for path in self._paths for found in objects_at(state.data, path)]
        start = state.found.get(self._base) if self._base else None
        found = self._below([state.data], self._path) if start is None else self._below(start, self._rest)
        state.found[self._path] = found
        return found

    def _below(self, level: list[Object], path: tuple[str | frozenset[str], ...]) -> list[Object]:
        *above, last = path
        if not self._key or not isinstance(last, str):
            return objects_below(level, path)
        parents = objects_below(level, above)
        try:
            return _joined(parents, last, self._key)
        except (KeyError, TypeError):  # lists, or not as the schema says
            return objects_below(parents, (last,))


def _joined(parents: list[Object], field: str, key: str) -> list[Object]:
    """Puts one object in the place of all stubs that say the same; each is then asked about, and merged, once."""
    known: dict[object, Object] = {}
    for parent in parents:
        stub = parent.get(field)
        if stub is not None:
            parent[field] = known.setdefault(stub[key], stub)
    return list(known.values())
