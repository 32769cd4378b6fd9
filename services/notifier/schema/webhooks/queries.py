"""Reads of webhooks."""

from typing import Annotated, Self

import orjson
import strawberry

from chassis.graphql.context import Info
from chassis.graphql.listing import list_field
from chassis.graphql.rules import reading
from chassis.identifiers import parse_id
from services.notifier.permissions import Rule
from services.notifier.schema.webhooks.lists import ENDPOINTS, WebhookEndpointFilter, WebhookEndpointOrder
from services.notifier.schema.webhooks.messages import WebhookDeliveryFilter, WebhookDeliveryOrder
from services.notifier.schema.webhooks.types import MESSAGES, Endpoint, WebhookDelivery
from services.notifier.webhooks.catalogue import CATALOGUE, MessageType, schema_of


@strawberry.type(description="A message that programs can be told of.")
class WebhookMessageType:
    """See webhooks.catalogue."""

    name: str = strawberry.field(description="As an endpoint chooses it.")
    description: str = strawberry.field(description="When it is sent.")
    schema: str = strawberry.field(description="JSON Schema (2020-12) of what is posted.")

    @classmethod
    def of(cls, kind: MessageType) -> Self:
        """One of the catalogue."""
        return cls(name=kind.name, description=kind.description, schema=orjson.dumps(schema_of(kind)).decode())


@strawberry.type
class WebhookQueries:
    """Fields of Query."""

    @strawberry.field(
        description="Every message that programs can be told of.", extensions=reading(Rule.MANAGE_WEBHOOKS)
    )
    def webhook_message_types(self) -> list[WebhookMessageType]:
        """The catalogue."""
        return [WebhookMessageType.of(each) for each in CATALOGUE.values()]

    @strawberry.field(
        description="One endpoint, deleted or not; null if there is none.", extensions=reading(Rule.MANAGE_WEBHOOKS)
    )
    async def webhook_endpoint(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> Endpoint | None:
        """By id."""
        return await Endpoint.found(info, parse_id("webhook", id))

    webhook_endpoints = list_field(
        lambda: ENDPOINTS,
        Endpoint,
        filter=WebhookEndpointFilter,
        order=WebhookEndpointOrder,
        description="Endpoints, a page at a time; oldest first.",
        extensions=reading(Rule.MANAGE_WEBHOOKS),
    )
    webhook_deliveries = list_field(
        lambda: MESSAGES,
        WebhookDelivery,
        filter=WebhookDeliveryFilter,
        order=WebhookDeliveryOrder,
        description="What was sent to endpoints, with every attempt; oldest first.",
        extensions=reading(Rule.MANAGE_WEBHOOKS),
    )
