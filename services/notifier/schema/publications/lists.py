"""Lists of publications."""

from enum import StrEnum

import strawberry
from sqlalchemy import select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing
from chassis.graphql.ordering import Columns, Ordering
from services.notifier.publications.feed import PUBLICATION
from services.notifier.schema.publications.enums import PublicationCategory, PublicationKind, PublicationStatus
from services.notifier.schema.publications.types import Publication


class PublicationOrderField(StrEnum):
    """See _COLUMNS."""

    CREATED_AT = "created_at"
    PUBLISHED_AT = "published_at"
    SCHEDULED_AT = "scheduled_at"


described(
    PublicationOrderField,
    "What publications can be ordered by.",
    CREATED_AT="When it was begun.",
    PUBLISHED_AT="When it appeared.",
    SCHEDULED_AT="When it appears.",
)
COLUMNS: Columns = {
    PublicationOrderField.CREATED_AT: (PUBLICATION.c.created_at, False),
    PublicationOrderField.PUBLISHED_AT: (PUBLICATION.c.published_at, True),
    PublicationOrderField.SCHEDULED_AT: (PUBLICATION.c.scheduled_at, True),
}


@strawberry.input(description="One term of an order of publications.")
class PublicationOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: PublicationOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which publications. All the conditions given must hold.")
class PublicationFilter:
    """Conditions on publications."""

    id: IdFilter | None = condition("Which one.")
    kind: ChoiceFilter[PublicationKind] | None = condition("News or campaign.")
    status: ChoiceFilter[PublicationStatus] | None = condition("Where it is.")
    category: ChoiceFilter[PublicationCategory] | None = condition("What contacts can unsubscribe from.")
    title: StringFilter | None = condition("Its title.")
    author_id: IdFilter | None = condition("Who writes it.")
    to_network: BooleanFilter | None = condition("Whether it is for the network.")
    published_at: DateTimeFilter | None = condition("When it appeared.")
    created_at: DateTimeFilter | None = condition("When it was begun.")
    and_: list["PublicationFilter"] | None = condition("All of these hold.", name="and")
    or_: list["PublicationFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "PublicationFilter | None" = condition("This does not hold.", name="not")


_ON_PUBLICATIONS: Conditions = {
    "id": by(PUBLICATION.c.id, "publication"),
    "kind": by(PUBLICATION.c.kind),
    "status": by(PUBLICATION.c.status),
    "category": by(PUBLICATION.c.category),
    "title": by(PUBLICATION.c.title),
    "author_id": by(PUBLICATION.c.author_id, "collaborator"),
    "to_network": by(PUBLICATION.c.to_network),
    "published_at": by(PUBLICATION.c.published_at),
    "created_at": by(PUBLICATION.c.created_at),
}


def on_publications(filter: PublicationFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _ON_PUBLICATIONS)


def owned(info: Info) -> Listing[Publication]:
    """One's own organization's: row-level security shows those that it follows, too."""
    mine = select(*PUBLICATION.c).where(PUBLICATION.c.organization_id == info.context.actor.organization)
    oldest = (Order(PUBLICATION.c.created_at), Order(PUBLICATION.c.id))
    return Listing(mine, PUBLICATION.c.id, Publication.of, on_publications, COLUMNS, oldest)
