"""What each subgraph can resolve, read from the join specification's directives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import GraphQLSchema

from gateway.supergraph.fieldset import FieldSet


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a type as one subgraph defines it."""

    name: str
    type: str
    """Named type, in this subgraph."""
    shape: str
    """The type with its lists and non-nulls, as printed."""
    external: bool = False
    requires: FieldSet | None = None
    provides: FieldSet | None = None

    @property
    def resolvable(self) -> bool:
        """Resolved by this subgraph without anything given to it."""
        return not self.external and self.requires is None


@dataclass(frozen=True, slots=True)
class Key:
    """A `@key` of a type in one subgraph."""

    fields: FieldSet
    resolvable: bool


@dataclass(slots=True)
class Type:
    """A composite type as one subgraph defines it."""

    name: str
    abstract: bool
    interface_object: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    possible: frozenset[str] = frozenset()
    """Object types it can be at run time, as far as this subgraph knows."""

    @property
    def resolvable_keys(self) -> list[Key]:
        """Keys by which this subgraph can be entered."""
        return [key for key in self.keys if key.resolvable]


@dataclass(slots=True)
class Subgraph:
    """One service of the supergraph."""

    id: str
    name: str
    url: str
    types: dict[str, Type] = field(default_factory=dict)


@dataclass(slots=True)
class Supergraph:
    """Everything the planner needs, and the schema that clients see."""

    subgraphs: dict[str, Subgraph]
    api: GraphQLSchema
    roots: Mapping[str, str]
    """Operation kind -> name of its root type."""
    possible: dict[str, frozenset[str]]
    """Composite type -> the object types it can be at run time, over all subgraphs."""
    abstract: frozenset[str]
    interfaces: dict[str, tuple[str, ...]]
    """Object type -> the interfaces it implements somewhere."""
    field_types: dict[str, dict[str, str]]
    """Composite type -> field -> named type, over all subgraphs."""
    enums: dict[str, frozenset[str]]
    """Enum -> every value some subgraph may give."""
