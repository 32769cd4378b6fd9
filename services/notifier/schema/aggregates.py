"""How many deliveries there are, by what they have in common."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from chassis.graphql.aggregates import Aggregate, Group, aggregate_field, day, told
from chassis.graphql.enums import described
from chassis.identifiers import format_id
from services.notifier import queries
from services.notifier.model import Organization
from services.notifier.schema.enums import Status
from services.notifier.schema.lists import DeliveryFilter, on_deliveries
from services.notifier.schema.loading import LOG
from services.notifier.schema.types import Collaborator

_ZONE = func.coalesce(select(Organization.time_zone).limit(1).scalar_subquery(), "UTC")


class DeliveryGrouping(StrEnum):
    """See DELIVERIES."""

    STATUS = "status"
    CHANNEL = "channel"
    COLLABORATOR = "collaborator"
    CREATED_DAY = "created_day"


described(
    DeliveryGrouping,
    "What deliveries can be grouped by.",
    STATUS="Where they are.",
    CHANNEL="How they are told.",
    COLLABORATOR="Who is told.",
    CREATED_DAY="The day on which they were queued, in your organization's time zone.",
)


@strawberry.type(description="Deliveries that have something in common.")
class DeliveryGroup:
    """See deliveryAggregate."""

    told_id: strawberry.Private[UUID | None]
    count: int = strawberry.field(description="How many there are.")
    status: Status | None = strawberry.field(description="Their status; null unless grouped by STATUS.")
    channel: str | None = strawberry.field(description="Their channel; null unless grouped by CHANNEL.")
    created_day: date | None = strawberry.field(description="Their day; null unless grouped by CREATED_DAY.")

    @strawberry.field(description="Who is told; null unless grouped by COLLABORATOR.")
    def collaborator(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return Collaborator(id=strawberry.ID(format_id("collaborator", self.told_id))) if self.told_id else None


def _groups(rows: Sequence[Group]) -> list[DeliveryGroup]:
    return [
        DeliveryGroup(
            count=row._mapping["count"],
            status=Status(status) if (status := told(row, "status")) else None,
            channel=told(row, "channel"),
            created_day=told(row, "created_day"),
            told_id=told(row, "collaborator"),
        )
        for row in rows
    ]


DELIVERIES = Aggregate(
    queries.deliveries(),
    on_deliveries,
    {
        DeliveryGrouping.STATUS: LOG.status,
        DeliveryGrouping.CHANNEL: LOG.channel,
        DeliveryGrouping.COLLABORATOR: LOG.collaborator_id,
        DeliveryGrouping.CREATED_DAY: day(LOG.created_at, _ZONE),
    },
    _groups,
)


def delivery_aggregate(extensions: Sequence[Any]) -> Any:
    """The root field."""
    return aggregate_field(
        lambda: DELIVERIES,
        DeliveryGroup,
        filter=DeliveryFilter,
        by=DeliveryGrouping,
        description="How many deliveries there are, by groups.",
        extensions=extensions,
    )
