"""Reads of the notifier's subgraph."""

import strawberry
from strawberry import UNSET

from chassis.graphql.connections import Connection, Paging, page
from chassis.graphql.context import Info
from chassis.graphql.filters import DateTimeFilter, IdFilter, on_choice, on_id, on_moment
from services.notifier import queries
from services.notifier.model import Preference
from services.notifier.schema import loading
from services.notifier.schema.enums import Status
from services.notifier.schema.types import (
    After,
    Before,
    Delivery,
    First,
    Last,
    NotificationPreference,
    preferences,
)


@strawberry.input(description="Which deliveries. All the conditions given must hold.")
class DeliveryFilter:
    """Conditions on the delivery log."""

    collaborator_id: IdFilter | None = strawberry.field(default=UNSET, description="Who is told.")
    status: list[Status] | None = strawberry.field(default=UNSET, description="One of these statuses.")
    created_at: DateTimeFilter | None = strawberry.field(default=UNSET, description="When it was queued.")


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field(description="One delivery, or null where there is none of that id in your organization.")
    async def delivery(self, info: Info, id: strawberry.ID) -> Delivery | None:
        """By id."""
        return await Delivery.resolve_reference(info, id)

    @strawberry.field(description="The delivery log: who was told what, how, why, and what became of it; oldest first.")
    async def deliveries(
        self,
        info: Info,
        filter: DeliveryFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Delivery]:
        """A page of the log."""
        wanted = filter or DeliveryFilter()
        clauses = [
            *on_id(loading.LOG.collaborator_id, "collaborator", wanted.collaborator_id),
            *on_choice(loading.LOG.status, wanted.status),
            *on_moment(loading.LOG.created_at, wanted.created_at),
        ]
        statement = queries.deliveries().where(*clauses)
        return await page(
            info.context.read, statement, loading.LOG_ORDER, Paging.parse(first, after, last, before), Delivery.of
        )

    @strawberry.field(description="What you want to be told, a line for each category.")
    async def notification_preferences(self, info: Info) -> list[NotificationPreference]:
        """The asker's own."""
        mine = Preference.collaborator_id == info.context.actor.collaborator
        rows = await info.context.read.rows(queries.preferences().where(mine))
        return preferences({row.category: row.email for row in rows})
