"""Endpoints of programs, and what was sent to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis.database import ReadSession
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.listing import Listing, Within, list_field
from chassis.identifiers import format_id
from services.notifier.model import Delivery
from services.notifier.schema import loading
from services.notifier.schema.enums import Status
from services.notifier.schema.loading import LOG, OLDEST
from services.notifier.schema.types import DeliveryAttempt
from services.notifier.schema.webhooks.messages import (
    COLUMNS,
    SENT,
    WebhookDeliveryFilter,
    WebhookDeliveryOrder,
    on_messages,
)
from services.notifier.webhooks.model import DisabledBecause, EndpointState, WebhookEndpoint
from services.notifier.webhooks.payload import type_of
from services.notifier.webhooks.signing import message_id

described(
    EndpointState,
    "Whether an endpoint is told anything.",
    name="WebhookEndpointState",
    ACTIVE="Messages go to it.",
    DISABLED="Nothing goes to it; what happens meanwhile is not kept for it.",
)
described(
    DisabledBecause,
    "What stopped an endpoint.",
    name="WebhookDisabledBecause",
    BY_HAND="An administrator.",
    FAILING="It failed at every try for days.",
    GONE="It answered 410 Gone.",
)
ROWS = select(*WebhookEndpoint.metadata.tables["webhook_endpoint"].c)


async def endpoints(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Row[Any] | None]:
    """Endpoints by id, None for those that are not there."""
    return await session.by_key(ROWS, WebhookEndpoint.id, ids)


@strawberry.type(description="A condition on a message: its JSON has one of these values at this path of `data`.")
class WebhookFilter:
    """See payload.passes."""

    path: str = strawberry.field(description="Names parted by dots, such as `deal.stageId`.")
    values: list[str] = strawberry.field(description="As text; of a list, one item suffices.")


@strawberry.type(description="A message to an endpoint, and what became of it.")
class WebhookDelivery:
    """A row of the delivery log whose reader is a program."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `delivery_…`.")
    message_id: str = strawberry.field(description="`webhook-id`: the same at every attempt and every endpoint.")
    type: str = strawberry.field(description="Which message, such as `deal.changed`.")
    payload: str = strawberry.field(description="The JSON that is posted, as it is signed.")
    status: Status = strawberry.field(description="Where it is; SENT once it was answered 2xx.")
    not_sent_because: str | None = strawberry.field(description="What was answered last; null once sent.")
    attempt_count: int = strawberry.field(description="Attempts since it was last queued.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is tried next; null once it is over.")
    created_at: datetime = strawberry.field(description="When it was queued.")
    sent_at: datetime | None = strawberry.field(description="When it was answered 2xx.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of SENT."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("delivery", row.id)),
            message_id=message_id(row.cause_id),
            type=type_of(row.content),
            payload=bytes(row.content).decode(),
            status=Status(row.status),
            not_sent_because=row.detail,
            attempt_count=row.attempts,
            next_attempt_at=row.next_attempt_at,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )

    @classmethod
    async def found(cls, info: Info, id: UUID) -> Self | None:
        """One by id."""
        row = await info.context.read.first(SENT.where(Delivery.id == id))
        return cls.of(row) if row else None

    @strawberry.field(description="Where it goes.")
    async def endpoint(self, info: Info) -> "Endpoint":
        """Gathered for the whole page."""
        return Endpoint.of(await info.context.load(endpoints, self.row.endpoint_id))

    @strawberry.field(description="Every attempt, first to last; `code` is the HTTP status.")
    async def attempts(self, info: Info) -> list[DeliveryAttempt]:
        """Gathered for the whole page."""
        rows = await info.context.load(loading.attempts, self.row.id)
        return [DeliveryAttempt.of(row) for row in rows]


MESSAGES = Listing(SENT, LOG.id, WebhookDelivery.of, on_messages, COLUMNS, OLDEST)


@strawberry.type(name="WebhookEndpoint", description="Where messages are posted for a program of your firm.")
class Endpoint:
    """See model.WebhookEndpoint."""

    key: strawberry.Private[UUID]
    id: strawberry.ID = strawberry.field(description="TypeID, `webhook_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    url: str = strawberry.field(description="Its address.")
    description: str = strawberry.field(description="What it is for.")
    types: list[str] = strawberry.field(description="Which messages go to it: see `webhookMessageTypes`.")
    filters: list[WebhookFilter] = strawberry.field(description="All must hold for a message to go to it.")
    state: EndpointState = strawberry.field(description="Whether it is told anything.")
    disabled_because: DisabledBecause | None = strawberry.field(description="What stopped it, if it is disabled.")
    disabled_at: datetime | None = strawberry.field(description="Since when it is disabled.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")
    consecutive_failures: int = strawberry.field(description="Attempts in a row that failed.")
    failing_since: datetime | None = strawberry.field(description="The first of them.")
    resting_until: datetime | None = strawberry.field(description="Nothing is sent before, since it failed often.")
    old_secret_until: datetime | None = strawberry.field(description="Until when the secret before a rotation signs.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    deliveries = list_field(
        lambda: MESSAGES,
        WebhookDelivery,
        filter=WebhookDeliveryFilter,
        order=WebhookDeliveryOrder,
        within=Within(LOG.endpoint_id),
        description="What was sent to it; oldest first.",
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of ROWS."""
        same = ("version", "url", "description", "types", "disabled_at", "deleted_at", "failing_since", "resting_until")
        told = {name: getattr(row, name) for name in (*same, "old_secret_until", "created_at", "updated_at")}
        return cls(
            key=row.id,
            id=strawberry.ID(format_id("webhook", row.id)),
            filters=[WebhookFilter(**each) for each in row.filters],
            state=EndpointState(row.state),
            disabled_because=DisabledBecause(row.disabled_because) if row.disabled_because else None,
            consecutive_failures=row.failures,
            **told,
        )

    @classmethod
    async def found(cls, info: Info, id: UUID) -> Self | None:
        """One by id."""
        row = await info.context.load(endpoints, id)
        return cls.of(row) if row else None
