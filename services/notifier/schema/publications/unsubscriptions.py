"""Addresses that want no more campaigns."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import strawberry
from sqlalchemy import Row, select

from chassis.graphql.connections import Order
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    Clauses,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing
from chassis.graphql.ordering import Ordering
from chassis.identifiers import format_id
from services.notifier.publications.model import Unsubscription, table
from services.notifier.schema.publications.enums import PublicationCategory
from services.notifier.schema.types import Contact

_UNSUBSCRIPTIONS = table(Unsubscription).c


@strawberry.type(description="An address that wants no more campaigns.")
class CampaignUnsubscription:
    """A row of unsubscription."""

    row: strawberry.Private[Row[Any]]
    email: str = strawberry.field(description="The address.")
    category: PublicationCategory | None = strawberry.field(description="Of which category; null for all of them.")
    at: datetime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        category = None if row.category == "*" else PublicationCategory(row.category)
        return cls(row=row, email=row.email, category=category, at=row.at)

    @strawberry.field(description="The contact who unsubscribed.")
    def contact(self) -> Contact | None:
        """By key: contacts owns it."""
        id = self.row.contact_id
        return Contact(id=strawberry.ID(format_id("contact", id))) if id else None


class CampaignUnsubscriptionOrderField(StrEnum):
    """See UNSUBSCRIPTIONS."""

    AT = "at"


described(CampaignUnsubscriptionOrderField, "What they can be ordered by.", AT="Since when.")


@strawberry.input(description="One term of an order of those who want no campaigns.")
class CampaignUnsubscriptionOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: CampaignUnsubscriptionOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which of those who want no campaigns. All the conditions given must hold.")
class CampaignUnsubscriptionFilter:
    """Conditions on unsubscriptions."""

    email: StringFilter | None = condition("The address.")
    contact_id: IdFilter | None = condition("The contact who unsubscribed.")
    at: DateTimeFilter | None = condition("Since when.")


def _on_unsubscriptions(filter: CampaignUnsubscriptionFilter | None) -> Clauses:
    columns = _UNSUBSCRIPTIONS
    return where(
        filter, {"email": by(columns.email), "contact_id": by(columns.contact_id, "contact"), "at": by(columns.at)}
    )


UNSUBSCRIPTIONS = Listing(
    select(*_UNSUBSCRIPTIONS),
    _UNSUBSCRIPTIONS.id,
    CampaignUnsubscription.of,
    _on_unsubscriptions,
    {CampaignUnsubscriptionOrderField.AT: (_UNSUBSCRIPTIONS.at, False)},
    (Order(_UNSUBSCRIPTIONS.at), Order(_UNSUBSCRIPTIONS.id)),
)
