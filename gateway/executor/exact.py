"""Which parts of the answer are, as fetched, already what the client asked for."""

from collections import defaultdict
from collections.abc import Iterable

from gateway.executor.shape import FieldShape, Shape
from gateway.planner.fetch_graph import Fetch
from gateway.planner.operation_text import Selected

Keys = tuple[str, ...]


class Exactness:
    """Compares the answer's shape to what the fetches select."""

    def __init__(self, fetches: Iterable[Fetch], allowed: dict[str, frozenset[str]]) -> None:
        """`allowed`: enum -> the values that every subgraph may give."""
        self._selected: defaultdict[Keys, list[list[Selected]]] = defaultdict(list)
        self._allowed = allowed
        for fetch in fetches:
            for path in fetch.paths:
                keys = tuple(step for step in path if isinstance(step, str))
                self._index(list(fetch.selections.children.values()), keys)

    def is_exact(self, shape: Shape, path: Keys) -> bool:
        """Whether the objects at a path hold the wanted fields, in order, and nothing else."""
        groups = self._selected[path]
        if shape.fields is None or len(groups) != 1 or len(groups[0]) != len(shape.fields):
            return False
        return all(
            self._is_same(selected, field, path) for selected, field in zip(groups[0], shape.fields, strict=True)
        )

    def overlaps(self, fetch: Fetch) -> bool:
        """Whether an object below the fetch's own may come from another fetch too."""
        composites = [step.step.key for step in fetch.selections.children.values() if step.children]
        return any(
            len(self._selected[*(s for s in path if isinstance(s, str)), key]) > 1
            for path in fetch.paths
            for key in composites
        )

    def needs_check(self, field: FieldShape) -> bool:
        """Whether a subgraph may give an enum value that clients do not know."""
        return field.values is not None and not self._allowed.get(_named(field), frozenset()) <= field.values

    def _is_same(self, selected: Selected, field: FieldShape, path: Keys) -> bool:
        step = selected.step
        if selected.key != field.key or step.on or step.conditions or not field.always or self.needs_check(field):
            return False
        return field.shape is None or self.is_exact(field.shape, (*path, field.key))

    def _index(self, selected: list[Selected], path: Keys) -> None:
        self._selected[path].append(selected)
        for one in selected:
            if one.children:
                self._index(list(one.children.values()), (*path, one.step.key))


def _named(field: FieldShape) -> str:
    return str(field.type).strip("[]!")
