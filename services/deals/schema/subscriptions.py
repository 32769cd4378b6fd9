"""What can be followed live. The gateway serves these fields itself, from the messages that deals publishes.

Each message becomes the entity it is about, asked of this subgraph as the subscriber; see `liant/subscriptions.json`.
"""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from chassis.graphql.following import ServedByTheGateway
from services.deals.schema.alerts import AlertType
from services.deals.schema.events import EventType
from services.deals.schema.timeline import TimelineEntry

DealId = Annotated[strawberry.ID | None, strawberry.argument(description="Entries of this deal.")]
ContactId = Annotated[strawberry.ID | None, strawberry.argument(description="Entries of this contact.")]


@strawberry.type(description="What can be followed live; resumable by the cursor that each result carries.")
class Subscription:
    """The root of following."""

    @strawberry.subscription(description="Each event of the organization, as it is written.")
    async def event_created(self) -> AsyncGenerator[EventType, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield

    @strawberry.subscription(description="Each alert of the organization, as it is raised.")
    async def alert_raised(self) -> AsyncGenerator[AlertType, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield

    @strawberry.subscription(
        description="What is new or changed on the timeline of a deal or of a contact; name one of the two."
    )
    async def timeline_changed(
        self, deal_id: DealId = None, contact_id: ContactId = None
    ) -> AsyncGenerator[TimelineEntry, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield
