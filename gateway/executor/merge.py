"""Merging what several subgraphs say of the same object."""

from typing import Any

from gateway.planner.operation_text import Renaming

Object = dict[str, Any]


def merge_deep(target: Object, source: Object) -> None:
    """Adds what the source knows; a null never hides a value."""
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
        elif isinstance(value, dict) and isinstance(known, dict):
            merge_deep(known, value)
        elif isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
            _merge_lists(known, value)
        elif value is not None:
            target[key] = value


def _merge_lists(target: list[Any], source: list[Any]) -> None:
    for index, value in enumerate(source):
        known = target[index]
        if isinstance(value, dict) and isinstance(known, dict):
            merge_deep(known, value)
        elif isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
            _merge_lists(known, value)
        elif value is not None:
            target[index] = value


def rename(value: Any, renaming: Renaming, depth: int = 0) -> None:
    """Gives fields back the response keys of the client's operation."""
    if isinstance(value, list):
        for item in value:
            rename(item, renaming, depth)
    elif isinstance(value, dict):
        if depth < len(renaming.path):
            rename(value.get(renaming.path[depth]), renaming, depth + 1)
        elif renaming.alias in value:
            value[renaming.key] = value.pop(renaming.alias)
