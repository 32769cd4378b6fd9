"""Reaching the objects at a path of the merged data."""

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.planner.place import Path

Location = tuple[str | int, ...]
Object = dict[str, Any]


def objects_at(data: Object, path: Path) -> list[Object]:
    """The objects at a path, lists flattened, nulls left out."""
    return objects_below([data], path)


def objects_below(level: list[Any], path: Sequence[str | frozenset[str]]) -> list[Object]:
    """The same, from several objects on."""
    for step in path:
        if isinstance(step, str):
            level = [value for item in level if (value := item.get(step)) is not None]
            while level and type(level[0]) is list:
                level = [value for items in level for value in items if value is not None]
        else:
            level = [item for item in level if item.get("__typename") in step]
    return level


def locate(data: dict[str, Any], path: Path) -> Iterator[tuple[Location, dict[str, Any]]]:
    """The same objects, each with where it is; only needed once something went wrong."""
    return _locate(data, path, ())


def _locate(value: Any, path: Path, at: Location) -> Iterator[tuple[Location, dict[str, Any]]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _locate(item, path, (*at, index))
    elif value is not None and not path:
        yield at, value
    elif value is not None:
        step, rest = path[0], path[1:]
        if isinstance(step, str):
            yield from _locate(value.get(step), rest, (*at, step))
        elif value.get("__typename") in step:
            yield from _locate(value, rest, at)
