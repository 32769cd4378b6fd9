"""Lists of what was sent to endpoints."""

from enum import StrEnum

import strawberry
from sqlalchemy import select

from chassis.graphql.enums import described
from chassis.graphql.filters import (
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    IntFilter,
    by,
    condition,
    where,
)
from chassis.graphql.ordering import Columns, Ordering
from services.notifier.model import Cause, CauseKind, Delivery
from services.notifier.queries import DELIVERY
from services.notifier.schema.enums import Status
from services.notifier.schema.loading import LOG

_MESSAGE = select(*DELIVERY, Delivery.endpoint_id, Cause.content).join(
    Cause,
    (Cause.organization_id == Delivery.organization_id)
    & (Cause.kind == Delivery.cause_kind)
    & (Cause.id == Delivery.cause_id),
)
SENT = _MESSAGE.where(Delivery.cause_kind == CauseKind.WEBHOOK.value)


class WebhookDeliveryOrderField(StrEnum):
    """See COLUMNS."""

    CREATED_AT = "created_at"
    NEXT_ATTEMPT_AT = "next_attempt_at"


described(
    WebhookDeliveryOrderField,
    "What messages to endpoints can be ordered by.",
    CREATED_AT="When it was queued.",
    NEXT_ATTEMPT_AT="When it is tried next.",
)
COLUMNS: Columns = {
    WebhookDeliveryOrderField.CREATED_AT: (LOG.created_at, False),
    WebhookDeliveryOrderField.NEXT_ATTEMPT_AT: (LOG.next_attempt_at, True),
}


@strawberry.input(description="One term of an order of messages to endpoints.")
class WebhookDeliveryOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: WebhookDeliveryOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which messages to endpoints. All the conditions given must hold.")
class WebhookDeliveryFilter:
    """Conditions on what was sent."""

    id: IdFilter | None = condition("Which one.")
    endpoint_id: IdFilter | None = condition("Where it goes.")
    status: ChoiceFilter[Status] | None = condition("Where it is.")
    attempt_count: IntFilter | None = condition("Attempts since it was last queued.")
    created_at: DateTimeFilter | None = condition("When it was queued.")
    and_: list["WebhookDeliveryFilter"] | None = condition("All of these hold.", name="and")
    or_: list["WebhookDeliveryFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "WebhookDeliveryFilter | None" = condition("This does not hold.", name="not")


_ON_MESSAGES: Conditions = {
    "id": by(LOG.id, "delivery"),
    "endpoint_id": by(LOG.endpoint_id, "webhook"),
    "status": by(LOG.status),
    "attempt_count": by(LOG.attempts),
    "created_at": by(LOG.created_at),
}


def on_messages(filter: WebhookDeliveryFilter | None) -> Clauses:
    return where(filter, _ON_MESSAGES)
