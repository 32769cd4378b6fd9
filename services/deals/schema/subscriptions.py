"""What can be followed live. The gateway serves these fields itself, from the messages that deals publishes.

Each message becomes the entity it is about, asked of this subgraph as the subscriber; see `liant/subscriptions.json`.
"""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from chassis.graphql.following import ServedByTheGateway
from services.deals.schema.alerts import AlertType
from services.deals.schema.deals import DealType
from services.deals.schema.events import EventType
from services.deals.schema.timeline import TimelineEntry

DealId = Annotated[strawberry.ID | None, strawberry.argument(description="Entries of this deal.")]
AccountId = Annotated[strawberry.ID | None, strawberry.argument(description="Entries of this account.")]
PipelineId = Annotated[strawberry.ID, strawberry.argument(description="The pipeline.")]
DayEntry = Annotated[
    EventType | AlertType | DealType,
    strawberry.union("DayEntry", description="What may change somebody's day."),
]
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

    @strawberry.subscription(description="Each alert of the organization, as it is raised and whenever it changes.")
    async def alert_changed(self) -> AsyncGenerator[AlertType, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield

    @strawberry.subscription(
        description="Each deal that comes to a pipeline's board, moves on it, changes there or leaves it."
    )
    async def board_changed(self, pipeline_id: PipelineId) -> AsyncGenerator[DealType, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield

    @strawberry.subscription(
        description="What may change your day: events that concern you, alerts for you, deals you own. Ask myDay again."
    )
    async def my_day_changed(self) -> AsyncGenerator[DayEntry, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield

    @strawberry.subscription(
        description="What is new or changed on the timeline of a deal, of a contact or of an account; name one of them."
    )
    async def timeline_changed(
        self, deal_id: DealId = None, contact_id: ContactId = None, account_id: AccountId = None
    ) -> AsyncGenerator[TimelineEntry, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield
