"""Who changed what of a contact or an account, and when."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row
from sqlalchemy.orm import InstrumentedAttribute

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import ChoiceFilter, Conditions, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.listing import Listing, Within, list_field
from chassis.graphql.ordering import Ordering
from chassis.identifiers import format_id
from services.contacts import queries
from services.contacts.model import HistoryEntry as Entry
from services.contacts.schema.enums import HistoryAction
from services.contacts.schema.organizations import Collaborator


@strawberry.type(description="What one field was, and what it became.")
class FieldChange:
    """See commands.history.Change."""

    field: str = strawberry.field(description="The field's name, as it is in this graph; `custom.KEY` for your own.")
    before: str | None = strawberry.field(description="What it was; null where there was nothing.")
    after: str | None = strawberry.field(description="What it became; null where there is nothing any more.")

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From a change as it is kept."""
        return cls(field=told["field"], before=_text(told["before"]), after=_text(told["after"]))


@strawberry.type(description="One change of a contact, an account, or the link between the two.")
class HistoryEntry:
    """See model.HistoryEntry."""

    by_id: strawberry.Private[UUID | None]
    told: strawberry.Private[Sequence[dict[str, Any]]]
    id: strawberry.ID = strawberry.field(description="TypeID, `history_…`.")
    at: datetime = strawberry.field(description="When.")
    action: HistoryAction = strawberry.field(description="What was done.")
    version: int = strawberry.field(description="The version it gave to what changed.")
    interlocutor_id: strawberry.ID | None = strawberry.field(description="The link that changed, if it was a link.")
    cause: str | None = strawberry.field(description="TypeID of what did it: an import, a quote; null for a person.")

    @strawberry.field(description="Who did it; null where it was the system.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.by_id)

    @strawberry.field(description="Each field that changed. Secrets are named, and never told.")
    def changes(self) -> list[FieldChange]:
        """As text."""
        return [
            FieldChange(field=each["field"], before=_text(each["before"]), after=_text(each["after"]))
            for each in self.told
        ]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.HISTORY."""
        link = row.interlocutor_id
        return cls(
            id=strawberry.ID(format_id("history", row.id)),
            at=row.at,
            action=row.action,
            version=row.version,
            interlocutor_id=strawberry.ID(format_id("interlocutor", link)) if link else None,
            cause=row.cause,
            by_id=row.by_id,
            told=row.changes,
        )


def _text(value: Any) -> str | None:
    """A value as people read it: several are separated by semicolons, their parts by commas."""
    if isinstance(value, list):
        parted = (each if isinstance(each, list) else [each] for each in value)
        return "; ".join(", ".join(str(part) for part in parts if part is not None) for parts in parted)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@strawberry.input(description="Which changes. All the conditions given must hold.")
class HistoryFilter:
    """See on_history."""

    action: ChoiceFilter[HistoryAction] | None = condition("What was done.")
    by_id: IdFilter | None = condition("The collaborator who did it; isNull for what the system did.")
    interlocutor_id: IdFilter | None = condition("The link that changed; isNull for changes of no link.")
    at: DateTimeFilter | None = condition("When.")
    and_: list["HistoryFilter"] | None = condition("All of these hold.", name="and")
    or_: list["HistoryFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "HistoryFilter | None" = condition("This does not hold.", name="not")


_CONDITIONS: Conditions = {
    "action": by(Entry.action),
    "by_id": by(Entry.by_id, "collaborator"),
    "interlocutor_id": by(Entry.interlocutor_id, "interlocutor"),
    "at": by(Entry.at),
}


class HistoryOrderField(StrEnum):
    """What histories can be ordered by."""

    AT = "at"


described(HistoryOrderField, "What histories can be ordered by.", AT="When.")


@strawberry.input(description="One term of an order of changes.")
class HistoryOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: HistoryOrderField = strawberry.field(description="By what.")


HISTORY = Listing(
    queries.HISTORY,
    Entry.id,
    HistoryEntry.of,
    lambda filter: where(filter, _CONDITIONS),
    {HistoryOrderField.AT: (Entry.at, False)},
    default=(Order(Entry.id, descending=True),),
    needs={"by": ("by_id",)},
)


def history_field(of: InstrumentedAttribute[UUID | None], description: str) -> Any:
    """A field of a contact or an account that pages through its history."""
    return list_field(
        lambda: HISTORY,
        HistoryEntry,
        filter=HistoryFilter,
        order=HistoryOrder,
        newest_first=True,
        within=Within(of),
        description=description,
    )
