"""What one execution has gathered so far."""

from typing import Any

from gateway.executor.context import Context
from gateway.executor.entities import Asked
from gateway.planner.place import Path

Json = Any
Object = dict[str, Any]


class State:
    """The merged data of one execution, and how it went."""

    __slots__ = ("asked", "context", "data", "errors", "found", "has_nulls", "variables")

    def __init__(self, data: Object, variables: Object, context: Context) -> None:
        self.data = data
        self.variables = variables
        self.context = context
        self.errors: list[Object] = []
        self.found: dict[Path, list[Object]] = {}
        """The objects at paths where fetches looked."""
        self.asked: dict[int, Asked | None] = {}
        """What fetches that ask alike ask about."""
        self.has_nulls = False
        """Whether a null may be where the schema allows none, or something may be missing: completion has to look."""
