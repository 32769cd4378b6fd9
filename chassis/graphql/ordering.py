"""`orderBy`: direction and place of nulls, shared by the three schemas."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Protocol

import strawberry
from sqlalchemy import SQLColumnExpression

from chassis.errors import InvalidInput
from chassis.graphql.connections import Order
from chassis.graphql.limits import limits

Columns = Mapping[str, tuple[SQLColumnExpression[Any], bool]]


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
    columns: Mapping[str, tuple[SQLColumnExpression[Any], bool]],
    unique: SQLColumnExpression[Any],
) -> list[Order]:
    """The order of a list, ended by its unique column; `columns` tells each field's column and whether it is nullable.

    Raises InvalidInput for too many terms.
    """
    told = list(terms or [])
    if len(told) > limits().order_terms:
        raise InvalidInput("orderBy", f"An order has at most {limits().order_terms} terms.")
    made = []
    for term in told:
        column, nullable = columns[term.field.value]
        made.append(Order(column, term.direction is Direction.DESC, term.nulls is Nulls.FIRST, nullable))
    return [*made, Order(unique, descending=made[0].descending if made else False)]
