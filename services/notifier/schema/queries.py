"""Reads of the notifier's subgraph."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.rules import reading
from services.notifier import queries
from services.notifier.model import Preference
from services.notifier.permissions import Rule
from services.notifier.schema.aggregates import delivery_aggregate
from services.notifier.schema.feed import FeedQueries
from services.notifier.schema.publications import PublicationQueries
from services.notifier.schema.suppressions import SuppressionQueries
from services.notifier.schema.types import Delivery, NotificationPreference, log, preferences
from services.notifier.schema.webhooks import WebhookQueries


@strawberry.type(description="Everything that can be read.")
class Query(SuppressionQueries, WebhookQueries, PublicationQueries, FeedQueries):
    """The root of reading."""

    @strawberry.field(
        description="One delivery, or null where there is none of that id in your organization.",
        extensions=reading(Rule.READ_DELIVERIES),
    )
    async def delivery(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> Delivery | None:
        """By id."""
        return await Delivery.resolve_reference(info, id)

    deliveries = log(
        "The delivery log: who was told what, how, why, and what became of it; oldest first.",
        extensions=reading(Rule.READ_DELIVERIES),
    )
    delivery_aggregate = delivery_aggregate(reading(Rule.READ_DELIVERIES))

    @strawberry.field(
        description="What you want to be told, a line for each category.", extensions=reading(Rule.READ_OWN)
    )
    async def notification_preferences(self, info: Info) -> list[NotificationPreference]:
        """The asker's own."""
        mine = Preference.collaborator_id == info.context.actor.collaborator
        rows = await info.context.read.rows(queries.preferences().where(mine))
        return preferences({row.category: row.email for row in rows})
