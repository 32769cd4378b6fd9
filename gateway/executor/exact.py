"""Which parts of the answer are, as fetched, already what the client asked for."""

from collections.abc import Mapping

from gateway.executor.shape import FieldShape, Shape
from gateway.executor.sources import Keys, Sources
from gateway.planner.operation_text import Selected

__all__ = ["Exactness", "Keys"]


class Exactness:
    """Compares the answer's shape to what the fetches select."""

    def __init__(self, sources: Sources, allowed: Mapping[str, frozenset[str]]) -> None:
        """`allowed`: enum -> the values that every subgraph may give."""
        self._sources = sources
        self._allowed = allowed

    def is_exact(self, shape: Shape, path: Keys) -> bool:
        """Whether the objects at a path, once all is merged, hold the wanted fields, in order, and nothing else."""
        groups = self._sources.of(path)
        if shape.fields is None or not groups or (len(groups) > 1 and not self._sources.add_up(groups)):
            return False
        selected = [one for group in groups for one in group.selected]
        return len(selected) == len(shape.fields) and all(
            self._is_same(one, field, shape.type, path) for one, field in zip(selected, shape.fields, strict=True)
        )

    def needs_check(self, field: FieldShape) -> bool:
        """Whether a subgraph may give an enum value that clients do not know."""
        return field.values is not None and not self._allowed.get(_named(field), frozenset()) <= field.values

    def _is_same(self, selected: Selected, field: FieldShape, type_name: str, path: Keys) -> bool:
        step = selected.step
        if selected.key != field.key or step.conditions or not field.always or self.needs_check(field):
            return False
        if step.on not in (None, type_name):
            return False
        return field.shape is None or self.is_exact(field.shape, (*path, field.key))


def _named(field: FieldShape) -> str:
    return str(field.type).strip("[]!")
