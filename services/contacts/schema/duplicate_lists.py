"""Lists of possible duplicates and of the searches for them: filters, orders, listings."""

from enum import StrEnum

import strawberry

from chassis.errors import InvalidId
from chassis.graphql.connections import Order
from chassis.graphql.enums import described
from chassis.graphql.filters import ChoiceFilter, Clauses, Conditions, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.listing import Listing
from chassis.graphql.ordering import Ordering
from chassis.identifiers import kind_of, parse_id
from services.contacts.duplicates import queries
from services.contacts.model import DuplicateKind, DuplicateSearchState, DuplicateState
from services.contacts.model import DuplicatePair as Pair
from services.contacts.model import DuplicateSearch as Search
from services.contacts.schema.duplicates import DuplicatePair, DuplicateSearch


@strawberry.input(description="A condition on a score. All that are given must hold.")
class ScoreFilter:
    """All the conditions given must hold."""

    gte: float | None = condition("This score or more.")
    lt: float | None = condition("Less than this score.")


@strawberry.input(description="Which pairs. All the conditions given must hold.")
class DuplicateFilter:
    """See _on_pairs."""

    id: IdFilter | None = condition("Which one.")
    kind: ChoiceFilter[DuplicateKind] | None = condition("What the two are.")
    state: ChoiceFilter[DuplicateState] | None = condition("What became of it.")
    score: ScoreFilter | None = condition("How sure it is.")
    subject_id: strawberry.ID | None = condition("Pairs of which this contact or account is one.")
    created_at: DateTimeFilter | None = condition("When it was found first.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["DuplicateFilter"] | None = condition("All of these hold.", name="and")
    or_: list["DuplicateFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "DuplicateFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which searches. All the conditions given must hold.")
class DuplicateSearchFilter:
    """See _on_searches."""

    state: ChoiceFilter[DuplicateSearchState] | None = condition("How far it is.")
    created_at: DateTimeFilter | None = condition("When it was started.")


class DuplicateOrderField(StrEnum):
    """See _COLUMNS."""

    SCORE = "score"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    DuplicateOrderField,
    "What pairs can be ordered by.",
    SCORE="How sure it is.",
    CREATED_AT="When it was found first.",
    UPDATED_AT="When it last changed.",
)


class DuplicateSearchOrderField(StrEnum):
    """See SEARCHES."""

    CREATED_AT = "created_at"


described(DuplicateSearchOrderField, "What searches can be ordered by.", CREATED_AT="When it was started.")


@strawberry.input(description="One term of an order of pairs.")
class DuplicateOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: DuplicateOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of searches.")
class DuplicateSearchOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: DuplicateSearchOrderField = strawberry.field(description="By what.")


def _of_subject(id: str) -> Clauses:
    return [queries.concerns(parse_id(duplicate_kind(id, "filter").value.lower(), id, "filter"))]


def _on_score(told: ScoreFilter) -> Clauses:
    bounds = ((told.gte, Pair.score.__ge__), (told.lt, Pair.score.__lt__))
    return [holds(bound) for bound, holds in bounds if isinstance(bound, float)]


_PAIR: Conditions = {
    "id": by(Pair.id, "duplicate"),
    "kind": by(Pair.kind),
    "state": by(Pair.state),
    "score": _on_score,
    "subject_id": _of_subject,
    "created_at": by(Pair.created_at),
    "updated_at": by(Pair.updated_at),
}

_SEARCH: Conditions = {"state": by(Search.state), "created_at": by(Search.created_at)}

PAIRS: Listing[DuplicatePair] = Listing(
    queries.PAIR,
    Pair.id,
    DuplicatePair.of,
    lambda filter: where(filter, _PAIR),
    {
        DuplicateOrderField.SCORE: (Pair.score, False),
        DuplicateOrderField.CREATED_AT: (Pair.created_at, False),
        DuplicateOrderField.UPDATED_AT: (Pair.updated_at, False),
    },
    [Order(Pair.id, descending=True)],
)

SEARCHES: Listing[DuplicateSearch] = Listing(
    queries.SEARCH,
    Search.id,
    DuplicateSearch.of,
    lambda filter: where(filter, _SEARCH),
    {DuplicateSearchOrderField.CREATED_AT: (Search.created_at, False)},
    [Order(Search.id, descending=True)],
)


def duplicate_kind(id: str, field: str) -> DuplicateKind:
    """Whether an id is a contact's or an account's. Raises InvalidId for any other."""
    try:
        return DuplicateKind(kind_of(id).upper())
    except ValueError as error:
        raise InvalidId(field, id, "contact") from error
