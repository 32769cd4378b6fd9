"""Reads of the notifier's subgraph."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.rules import reading
from services.notifier.permissions import Rule
from services.notifier.schema.aggregates import delivery_aggregate
from services.notifier.schema.dead_letters import DeadLetterQueries
from services.notifier.schema.inbox import InboxQueries
from services.notifier.schema.preferences import PreferenceQueries
from services.notifier.schema.publications import FeedQueries, PublicationQueries
from services.notifier.schema.suppressions import SuppressionQueries
from services.notifier.schema.types import Delivery, log
from services.notifier.schema.webhooks import WebhookQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    SuppressionQueries,
    WebhookQueries,
    PublicationQueries,
    FeedQueries,
    PreferenceQueries,
    InboxQueries,
    DeadLetterQueries,
):
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
