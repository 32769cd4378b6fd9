"""Domain enums as GraphQL enums, each value described."""

from enum import Enum
from typing import Any, TypeVar

import strawberry

Kind = TypeVar("Kind", bound=type[Enum])


def described(kind: Kind, description: str, *, name: str | None = None, **values: str) -> Kind:
    """Make a domain's enum known to strawberry, with a description of each of its values. Raises KeyError.

    `name`: where the domain's own says too little among the other services' types.
    """
    told: Any = strawberry.enum(kind, name=name, description=description)
    for value in told.__strawberry_definition__.values:
        value.description = values[value.name]
    return kind
