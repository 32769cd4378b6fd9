"""Errors of subgraphs, told at the path where the client asked."""

from collections.abc import Iterable, Iterator
from typing import Any

from gateway.executor.entities import Asked
from gateway.executor.paths import Location, locate
from gateway.executor.state import State
from gateway.planner.fetch_graph import Fetch

MAX_ERRORS_PER_FETCH = 100
"""Errors told for one fetch; it may have concerned thousands of objects."""

DEFAULT_CODE = "DOWNSTREAM_SERVICE_ERROR"
MASKED = "The service that resolves this field failed."


class Failures:
    """Turns the failures of one fetch into errors of the client's answer."""

    def __init__(self, fetch: Fetch, subgraph: str, fills: list[str]) -> None:
        self._fetch = fetch
        self._subgraph = subgraph
        steps = list(fetch.selections.children)
        self._fills = {key: [step.conditions for step in steps if step.key == key] for key in fills}
        """Response keys of the client that the fetch fills, at its path, with the conditions under which it does."""

    def all(self, state: State, asked: Asked | None, code: str, message: str) -> None:
        """The whole fetch failed: one error for each field it should have filled."""
        for location, _ in self._targets(state, asked):
            for path in [(*location, key) for key in self._filled(state)] or [location]:
                if not self._add(state, message, path, code):
                    return

    def told(self, state: State, asked: Asked | None, errors: Any) -> None:
        """The subgraph told errors of its own."""
        for error in errors if isinstance(errors, list) else [errors]:
            told = error if isinstance(error, dict) else {}
            extensions = told.get("extensions")
            extensions = extensions if isinstance(extensions, dict) else {}
            message = str(told.get("message", "Unknown error"))
            code = extensions.get("code", DEFAULT_CODE)
            path = told.get("path")
            for location in self._locations(state, asked, path if isinstance(path, list) else []):
                shown = message if state.context.expose_subgraph_errors else MASKED
                self._add(state, shown, location, code, extensions if state.context.expose_subgraph_errors else {})

    def _filled(self, state: State) -> list[str]:
        given = state.variables.get
        return [
            key
            for key, ways in self._fills.items()
            if any(all(given(condition.variable) is condition.wanted for condition in way) for way in ways)
        ]

    def _add(self, state: State, message: str, path: Location, code: str, more: dict[str, Any] | None = None) -> bool:
        extensions = {**(more or {}), "code": code, "serviceName": self._subgraph}
        state.errors.append({"message": message, "path": list(path), "extensions": extensions})
        return len(state.errors) < MAX_ERRORS_PER_FETCH

    def _targets(self, state: State, asked: Asked | None) -> Iterator[tuple[Location, dict[str, Any]]]:
        concerned = None if asked is None else {id(target) for target in asked.targets}
        for path in self._fetch.paths:
            for location, target in locate(state.data, path):
                if concerned is None or id(target) in concerned:
                    yield location, target

    def _locations(self, state: State, asked: Asked | None, path: list[Any]) -> Iterable[Location]:
        """Where the client sees what the subgraph calls `path`."""
        if asked is None:
            prefixes, rest = [location for location, _ in self._targets(state, asked)], path
            if not set(self._renamed(path[:1])) & self._fills.keys():
                return [(*prefix, key) for prefix in prefixes for key in self._filled(state)][:MAX_ERRORS_PER_FETCH]
        else:
            slot = path[1] if len(path) > 1 and isinstance(path[1], int) else None
            prefixes = list(self._of_slot(state, asked, slot)) or list(self._of_slot(state, asked, None))
            rest = path[2:]
        return [(*prefix, *self._renamed(rest)) for prefix in prefixes[:MAX_ERRORS_PER_FETCH]]

    def _of_slot(self, state: State, asked: Asked, slot: int | None) -> Iterator[Location]:
        slots = asked.slots if asked.slots is not None else range(len(asked.targets))
        concerned = {id(target) for target, own in zip(asked.targets, slots, strict=False) if own == slot}
        for location, target in self._targets(state, asked):
            if id(target) in concerned:
                yield location
            elif slot is None:
                yield location
                return

    def _renamed(self, path: list[Any]) -> Location:
        aliases = {renaming.alias: renaming.key for renaming in self._fetch.renamings}
        return tuple(aliases.get(step, step) for step in path)
