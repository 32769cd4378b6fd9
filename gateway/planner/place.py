"""Where the planner can stand: an object of a type, inside a fetch from a subgraph, and how it got there."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from gateway.planner.selection import Conditions, Node

Path = tuple[str | frozenset[str], ...]
"""Response keys from the root; a set of types before a key is a filter on the runtime type."""


class FetchId(NamedTuple):
    """Fetches of one subgraph, for one path, at one level can always be one: neither can need the other."""

    level: int
    """1 + the highest level of what it needs."""
    graph: str
    path: Path
    variant: str = ""


class FieldStep(NamedTuple):
    """A field in a subgraph's operation."""

    on: str | None
    """Type condition around it."""
    key: str
    name: str
    arguments: str
    variables: frozenset[str]
    conditions: Conditions
    shape: str
    leaf: bool


class Select(NamedTuple):
    """A fetch selects a field."""

    fetch: FetchId
    steps: tuple[FieldStep, ...]


class Represent(NamedTuple):
    """A fetch enters its subgraph with representations built from what other fetches gave."""

    fetch: FetchId
    types: frozenset[str] | None
    """Only objects of these runtime types."""
    typename: str | None
    """None: the object's own."""
    fields: tuple[Node, ...]
    keys: frozenset[str]
    """Response keys of those fields that are the key."""
    needs: frozenset[FetchId]


class Reenter(NamedTuple):
    """A fetch starts again at the root type, for a field that returns it."""

    fetch: FetchId
    needs: frozenset[FetchId]


Atom = Select | Represent | Reenter


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One way to stand at an object (or, at the end of a walk, at a leaf)."""

    graph: str
    type: str
    """Static type, in the subgraph."""
    types: frozenset[str]
    """Runtime types it can have here."""
    fetch: FetchId
    atoms: tuple[Atom, ...]
    """What must be in the plan to stand here."""
    fetches: frozenset[FetchId]
    opaque: bool = False
    """An @interfaceObject: its subgraph does not know the runtime type."""
    steps: tuple[FieldStep, ...] = ()
    on: str | None = None
    """Type condition needed before the next field."""
    path: Path = ()
    filter: frozenset[str] | None = None
    """The runtime types it was narrowed to."""
    provided: tuple[Node, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The response keys of the path."""
        return tuple(step for step in self.path if isinstance(step, str))

    def typename_step(self) -> FieldStep:
        """The selection of `__typename` here."""
        return FieldStep(self.on, "__typename", "__typename", "", frozenset(), (), "String!", True)

    def with_typename(self) -> "Place":
        """The same place, its runtime type fetched."""
        return replace(self, atoms=(*self.atoms, Select(self.fetch, (*self.steps, self.typename_step()))))

    def narrowed(self, name: str) -> "Place":
        """The same place for objects of one type."""
        if self.type == name:
            return self
        types = frozenset((name,))
        return replace(self.with_typename(), type=name, types=types, on=name, filter=types)
