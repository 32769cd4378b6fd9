"""Lists of what one was told."""

from enum import StrEnum

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.filters import ChoiceFilter, Clauses, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.ordering import Columns, Ordering
from services.notifier.model import NotifierBase
from services.notifier.schema.enums import Category, InboxState

ITEM = NotifierBase.metadata.tables["inbox_item"].c


class InboxOrderField(StrEnum):
    """See COLUMNS."""

    TOLD_AT = "told_at"
    CREATED_AT = "created_at"


described(InboxOrderField, "What items can be ordered by.", TOLD_AT="When it changed last.", CREATED_AT="When it came.")
COLUMNS: Columns = {
    InboxOrderField.TOLD_AT: (ITEM.told_at, False),
    InboxOrderField.CREATED_AT: (ITEM.created_at, False),
}


@strawberry.input(description="One term of an order of items.")
class InboxOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: InboxOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which items. All the conditions given must hold.")
class InboxFilter:
    """Conditions on the inbox."""

    id: IdFilter | None = condition("Which one.")
    state: ChoiceFilter[InboxState] | None = condition("What you have done with it.")
    category: ChoiceFilter[Category] | None = condition("What one chooses about.")
    told_at: DateTimeFilter | None = condition("When it changed last.")
    and_: list["InboxFilter"] | None = condition("All of these hold.", name="and")
    or_: list["InboxFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "InboxFilter | None" = condition("This does not hold.", name="not")


_CONDITIONS = {
    "id": by(ITEM.id, "inbox_item"),
    "state": by(ITEM.state),
    "category": by(ITEM.category),
    "told_at": by(ITEM.told_at),
}


def on_items(filter: InboxFilter | None) -> Clauses:
    return where(filter, _CONDITIONS)
