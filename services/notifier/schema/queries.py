"""Reads of the notifier's subgraph."""

import strawberry

from chassis.graphql.context import Info
from services.notifier import queries
from services.notifier.model import Preference
from services.notifier.schema.types import Delivery, NotificationPreference, log, preferences


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field(description="One delivery, or null where there is none of that id in your organization.")
    async def delivery(self, info: Info, id: strawberry.ID) -> Delivery | None:
        """By id."""
        return await Delivery.resolve_reference(info, id)

    deliveries = log("The delivery log: who was told what, how, why, and what became of it; oldest first.")

    @strawberry.field(description="What you want to be told, a line for each category.")
    async def notification_preferences(self, info: Info) -> list[NotificationPreference]:
        """The asker's own."""
        mine = Preference.collaborator_id == info.context.actor.collaborator
        rows = await info.context.read.rows(queries.preferences().where(mine))
        return preferences({row.category: row.email for row in rows})
