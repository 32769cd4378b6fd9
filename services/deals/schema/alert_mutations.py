"""Handling alerts."""

from datetime import datetime
from typing import Annotated

import strawberry

from chassis import text
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import alerts as commands
from services.deals.commands.alerts import Handling
from services.deals.schema.alerts import AlertType, AlreadyTakenInCharge
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, written
from services.deals.values.moments import moment

MOST_OF_A_REASON = 1_000
AlertResult = Annotated[
    AlertType | CommonErrors, strawberry.union("AlertResult", description="The alert, or why nothing was written.")
]
TakeResult = Annotated[
    AlertType | AlreadyTakenInCharge | CommonErrors,
    strawberry.union("TakeChargeOfAlertResult", description="The alert, now yours, or why it is not."),
]


@strawberry.input(description="Which alert to take charge of.")
class TakeChargeOfAlertInput(Update):
    """See commands.alerts.Handling."""


@strawberry.input(description="Which alert was resolved.")
class ResolveAlertInput(Update):
    """See commands.alerts.Handling."""

    reason: str | None = strawberry.field(default=None, description="What was done.")


@strawberry.input(description="Which alert is no defect.")
class DismissAlertInput(Update):
    """See commands.alerts.Handling."""

    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="Which alert may wait.")
class SnoozeAlertInput(Update):
    """See commands.alerts.Handling."""

    until: datetime = strawberry.field(description="Until when, with its offset; at most 90 days ahead.")
    reason: str | None = strawberry.field(default=None, description="Why.")


def _reason(value: str | None) -> str | None:
    return text.optional_line(value, "reason", most=MOST_OF_A_REASON)


def _handling(input: Update, reason: str | None = None, until: datetime | None = None) -> Handling:
    return Handling(id=parse_id("alert", input.id), expected_version=input.expected_version, reason=reason, until=until)


@strawberry.type
class AlertMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Take charge of an alert: one collaborator can.", extensions=writing())
    async def take_charge_of_alert(self, info: Info, input: Annotated[TakeChargeOfAlertInput, GIVEN]) -> TakeResult:
        """See commands.alerts.take_charge_of_alert."""
        return await written(info, input, commands.take_charge_of_alert, _handling(input), AlertType)

    @strawberry.mutation(description="Say that the defect was mended.", extensions=writing())
    async def resolve_alert(self, info: Info, input: Annotated[ResolveAlertInput, GIVEN]) -> AlertResult:
        """See commands.alerts.resolve_alert."""
        order = _handling(input, reason=_reason(input.reason))
        return await written(info, input, commands.resolve_alert, order, AlertType)

    @strawberry.mutation(
        description="Say that it is no defect; it stays quiet until its cause begins anew.", extensions=writing()
    )
    async def dismiss_alert(self, info: Info, input: Annotated[DismissAlertInput, GIVEN]) -> AlertResult:
        """See commands.alerts.dismiss_alert."""
        order = _handling(input, reason=text.line(input.reason, "reason", most=MOST_OF_A_REASON))
        return await written(info, input, commands.dismiss_alert, order, AlertType)

    @strawberry.mutation(description="Let an alert wait.", extensions=writing())
    async def snooze_alert(self, info: Info, input: Annotated[SnoozeAlertInput, GIVEN]) -> AlertResult:
        """See commands.alerts.snooze_alert."""
        order = _handling(input, until=moment("until", input.until), reason=_reason(input.reason))
        return await written(info, input, commands.snooze_alert, order, AlertType)

    take_charge_of_alerts = batch_of(take_charge_of_alert, "take_charge_of_alerts", "Take charge of alerts.")
    resolve_alerts = batch_of(resolve_alert, "resolve_alerts", "Say that defects were mended.")
    dismiss_alerts = batch_of(dismiss_alert, "dismiss_alerts", "Say that they are no defects.")
    snooze_alerts = batch_of(snooze_alert, "snooze_alerts", "Let alerts wait.")
