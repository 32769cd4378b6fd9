"""Lists of endpoints."""

from enum import StrEnum

import strawberry

from chassis.graphql.connections import Order
from chassis.graphql.enums import described
from chassis.graphql.filters import (
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
from services.notifier.schema.webhooks.types import ROWS, Endpoint
from services.notifier.webhooks.model import EndpointState, WebhookEndpoint


class WebhookEndpointOrderField(StrEnum):
    """See _COLUMNS."""

    CREATED_AT = "created_at"
    URL = "url"


described(
    WebhookEndpointOrderField, "What endpoints can be ordered by.", CREATED_AT="When it was made.", URL="Its address."
)
_COLUMNS: Columns = {
    WebhookEndpointOrderField.CREATED_AT: (WebhookEndpoint.created_at, False),
    WebhookEndpointOrderField.URL: (WebhookEndpoint.url, False),
}


@strawberry.input(description="One term of an order of endpoints.")
class WebhookEndpointOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: WebhookEndpointOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which endpoints. All the conditions given must hold.")
class WebhookEndpointFilter:
    """Conditions on endpoints."""

    id: IdFilter | None = condition("Which one.")
    url: StringFilter | None = condition("Its address.")
    state: ChoiceFilter[EndpointState] | None = condition("Whether it is told anything.")
    deleted_at: DateTimeFilter | None = condition("When it was deleted.")
    failing_since: DateTimeFilter | None = condition("Since when it fails.")
    and_: list["WebhookEndpointFilter"] | None = condition("All of these hold.", name="and")
    or_: list["WebhookEndpointFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "WebhookEndpointFilter | None" = condition("This does not hold.", name="not")


_ON_ENDPOINTS: Conditions = {
    "id": by(WebhookEndpoint.id, "webhook"),
    "url": by(WebhookEndpoint.url),
    "state": by(WebhookEndpoint.state),
    "deleted_at": by(WebhookEndpoint.deleted_at),
    "failing_since": by(WebhookEndpoint.failing_since),
}


def _on_endpoints(filter: WebhookEndpointFilter | None) -> Clauses:
    return where(filter, _ON_ENDPOINTS)


ENDPOINTS = Listing(
    ROWS,
    WebhookEndpoint.id,
    Endpoint.of,
    _on_endpoints,
    _COLUMNS,
    (Order(WebhookEndpoint.created_at), Order(WebhookEndpoint.id)),
)
