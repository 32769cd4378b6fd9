"""`orderBy`: direction and place of nulls, shared by the three schemas."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

import strawberry
from sqlalchemy import SQLColumnExpression

from chassis.errors import InvalidInput
from chassis.graphql.connections import Order
from chassis.graphql.limits import limits

Column = tuple[SQLColumnExpression[Any], bool]
Columns = Mapping[str, Column | Callable[[Any], Sequence[Column]]]
"""Each field's column and whether it is nullable; or, of a whole term, the columns that it is ordered by in turn."""


@strawberry.enum(description="Which way a list runs.")
class Direction(Enum):
    """See orderBy."""

    ASC = strawberry.enum_value("ASC", description="From the smallest or the oldest.")
    DESC = strawberry.enum_value("DESC", description="From the greatest or the newest.")


@strawberry.enum(description="Where what has no value stands.")
class Nulls(Enum):
    """See orderBy."""

    FIRST = strawberry.enum_value("FIRST", description="Before every value.")
    LAST = strawberry.enum_value("LAST", description="After every value.")


@strawberry.input
class Ordering:
    """What each term of an order says besides its field."""

    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")
    nulls: Nulls = strawberry.field(default=Nulls.LAST, description="Where what has no value stands.")


class Term(Protocol):
    """One term of a service's own `orderBy` input: its field is an enum whose values name columns."""

    @property
    def field(self) -> Any:
        """The enum member."""

    @property
    def direction(self) -> Direction:
        """Which way."""

    @property
    def nulls(self) -> Nulls:
        """Where nulls stand."""


def orders(
    terms: Iterable[Term] | None,
    columns: Columns,
    unique: SQLColumnExpression[Any],
) -> list[Order]:
    """The order of a list, ended by its unique column. Raises InvalidInput for too many terms."""
    told = list(terms or [])
    if len(told) > limits().order_terms:
        raise InvalidInput("orderBy", f"An order has at most {limits().order_terms} terms.")
    made = []
    for term in told:
        found = columns[term.field.value]
        for column, nullable in found(term) if callable(found) else [found]:
            made.append(Order(column, term.direction is Direction.DESC, term.nulls is Nulls.FIRST, nullable))
    return [*made, Order(unique, descending=made[0].descending if made else False)]
