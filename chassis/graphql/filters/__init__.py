"""Typed filters: `eq neq in gt gte lt lte contains startsWith isNull and or not`, shared by the three schemas."""

from chassis.graphql.filters.columns import (
    MAX_DAYS,
    Clauses,
    given,
    on_choice,
    on_id,
    on_moment,
    on_text,
    on_truth,
    on_value,
)
from chassis.graphql.filters.conditions import Condition, Conditions, by, linked, related, where
from chassis.graphql.filters.operators import (
    BooleanFilter,
    Choice,
    ChoiceFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    condition,
)

__all__ = [
    "MAX_DAYS",
    "BooleanFilter",
    "Choice",
    "ChoiceFilter",
    "Clauses",
    "Condition",
    "Conditions",
    "DateFilter",
    "DateTimeFilter",
    "DecimalFilter",
    "IdFilter",
    "IntFilter",
    "StringFilter",
    "by",
    "condition",
    "given",
    "linked",
    "on_choice",
    "on_id",
    "on_moment",
    "on_text",
    "on_truth",
    "on_value",
    "related",
    "where",
]
