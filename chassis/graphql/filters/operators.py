"""What a filter may ask of a field: the inputs of each type."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import UNSET

Choice = TypeVar("Choice")


def condition(description: str, name: str | None = None) -> Any:
    """A field of a filter: no condition where it is absent or null."""
    return strawberry.field(default=UNSET, name=name, description=description)


_IN = "One of these; 200 at most unless your operators say otherwise."


@strawberry.input(description="A condition on a text. Case is kept by eq, neq and in, and ignored by the others.")
class StringFilter:
    """All the conditions given must hold."""

    eq: str | None = condition("Exactly this.")
    neq: str | None = condition("Anything but this, nothing included.")
    in_: list[str] | None = condition(_IN, name="in")
    contains: str | None = condition("Has this within.")
    starts_with: str | None = condition("Begins with this.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on an id.")
class IdFilter:
    """All the conditions given must hold."""

    eq: strawberry.ID | None = condition("This one.")
    neq: strawberry.ID | None = condition("Any but this one, none included.")
    in_: list[strawberry.ID] | None = condition(_IN, name="in")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a moment.")
class DateTimeFilter:
    """All the conditions given must hold."""

    eq: datetime | None = condition("At exactly this moment.")
    neq: datetime | None = condition("At any moment but this, never included.")
    gt: datetime | None = condition("After this moment.")
    gte: datetime | None = condition("At this moment or after.")
    lt: datetime | None = condition("Before this moment.")
    lte: datetime | None = condition("At this moment or before.")
    within_days: int | None = condition("So many days ago at most, by the clock of the moment it is asked; or later.")
    older_than_days: int | None = condition("More than so many days ago, by the clock of the moment it is asked.")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a day.")
class DateFilter:
    """All the conditions given must hold."""

    eq: date | None = condition("This day.")
    neq: date | None = condition("Any day but this, none included.")
    in_: list[date] | None = condition(_IN, name="in")
    gt: date | None = condition("After this day.")
    gte: date | None = condition("This day or after.")
    lt: date | None = condition("Before this day.")
    lte: date | None = condition("This day or before.")
    is_null: bool | None = condition("Whether there is none.")


@strawberry.input(description="A condition on a whole number.")
class IntFilter:
    """All the conditions given must hold."""

    eq: int | None = condition("Exactly this.")
    neq: int | None = condition("Anything but this, nothing included.")
    in_: list[int] | None = condition(_IN, name="in")
    gt: int | None = condition("More than this.")
    gte: int | None = condition("This or more.")
    lt: int | None = condition("Less than this.")
    lte: int | None = condition("This or less.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on an exact decimal number.")
class DecimalFilter:
    """All the conditions given must hold."""

    eq: Decimal | None = condition("Exactly this.")
    neq: Decimal | None = condition("Anything but this, nothing included.")
    in_: list[Decimal] | None = condition(_IN, name="in")
    gt: Decimal | None = condition("More than this.")
    gte: Decimal | None = condition("This or more.")
    lt: Decimal | None = condition("Less than this.")
    lte: Decimal | None = condition("This or less.")
    is_null: bool | None = condition("Whether there is no value.")


@strawberry.input(description="A condition on a yes or no.")
class BooleanFilter:
    """All the conditions given must hold."""

    eq: bool | None = condition("Exactly this.")


@strawberry.input(name="Filter", description="A condition on one of a few values.")
class ChoiceFilter(Generic[Choice]):
    """All the conditions given must hold. `ChoiceFilter[Phase]` is `PhaseFilter` in the schema."""

    eq: Choice | None = condition("Exactly this.")
    neq: Choice | None = condition("Anything but this, nothing included.")
    in_: list[Choice] | None = condition(_IN, name="in")
    is_null: bool | None = condition("Whether there is no value.")
