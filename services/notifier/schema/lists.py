"""How the delivery log is filtered and ordered."""

from enum import StrEnum

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.filters import (
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.ordering import Columns, Ordering
from services.notifier.schema.enums import Status
from services.notifier.schema.loading import LOG


class DeliveryOrderField(StrEnum):
    """See DELIVERY_COLUMNS."""

    CREATED_AT = "created_at"
    SENT_AT = "sent_at"
    NEXT_ATTEMPT_AT = "next_attempt_at"
    STATUS = "status"


described(
    DeliveryOrderField,
    "What deliveries can be ordered by.",
    CREATED_AT="When it was queued.",
    SENT_AT="When the relay took it.",
    NEXT_ATTEMPT_AT="When it is tried next.",
    STATUS="Status, by its letters.",
)

DELIVERY_COLUMNS: Columns = {
    DeliveryOrderField.CREATED_AT: (LOG.created_at, False),
    DeliveryOrderField.SENT_AT: (LOG.sent_at, True),
    DeliveryOrderField.NEXT_ATTEMPT_AT: (LOG.next_attempt_at, True),
    DeliveryOrderField.STATUS: (LOG.status, False),
}


@strawberry.input(description="One term of an order of deliveries.")
class DeliveryOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: DeliveryOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which deliveries. All the conditions given must hold.")
class DeliveryFilter:
    """Conditions on the delivery log."""

    id: IdFilter | None = condition("Which one.")
    collaborator_id: IdFilter | None = condition("Who is told.")
    contact_id: IdFilter | None = condition("The contact who is written to.")
    channel: StringFilter | None = condition("How it is told.")
    email: StringFilter | None = condition("The address it went to.")
    subject: StringFilter | None = condition("The mail's subject.")
    status: ChoiceFilter[Status] | None = condition("Where it is.")
    attempt_count: IntFilter | None = condition("Attempts that the relay answered.")
    created_at: DateTimeFilter | None = condition("When it was queued.")
    sent_at: DateTimeFilter | None = condition("When the relay took it.")
    and_: list["DeliveryFilter"] | None = condition("All of these hold.", name="and")
    or_: list["DeliveryFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "DeliveryFilter | None" = condition("This does not hold.", name="not")


_DELIVERY: Conditions = {
    "id": by(LOG.id, "delivery"),
    "collaborator_id": by(LOG.collaborator_id, "collaborator"),
    "contact_id": by(LOG.contact_id, "contact"),
    "channel": by(LOG.channel),
    "email": by(LOG.email),
    "subject": by(LOG.subject),
    "status": by(LOG.status),
    "attempt_count": by(LOG.attempts),
    "created_at": by(LOG.created_at),
    "sent_at": by(LOG.sent_at),
}


def on_deliveries(filter: DeliveryFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _DELIVERY)
