"""Commercial status: its history, and how an input changes it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.contacts.commands.statuses import Step
from services.contacts.schema.enums import AccountStatus
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.unit import field

MAX_REASON = 500


@strawberry.type(description="A step in a commercial history.")
class StatusChange:
    """See model.StatusChange."""

    by_id: strawberry.Private[UUID | None]
    status: AccountStatus = strawberry.field(description="What it became.")
    at: datetime = strawberry.field(description="When.")
    reason: str | None = strawberry.field(description="Why, if somebody said so.")
    quote_id: strawberry.ID | None = strawberry.field(description="The quote whose acceptance did it, `quote_…`.")

    @strawberry.field(description="Who said so; null where the system did.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.account_history or contact_status_history."""
        quote = strawberry.ID(format_id("quote", row.quote_id)) if row.quote_id else None
        return cls(status=row.status, at=row.at, by_id=row.by_id, reason=row.reason, quote_id=quote)


@strawberry.input(description="What an update says of a commercial status.")
class StatusInput:
    """Base of the inputs that change a status."""

    status: AccountStatus | None = field("Where your firm stands with it, if that is reachable from where it stood.")
    status_reason: str | None = field("Why the status changes; kept in its history.")
    status_quote_id: strawberry.ID | None = field("The quote that changes the status, `quote_…`.")


def step(input: Any) -> Step | None:
    """What an input says of the status; None where it says nothing. Raises InvalidInput, InvalidId."""
    reason = text.optional_note(input.status_reason or None, "statusReason", most=MAX_REASON)
    quote = input.status_quote_id
    quote_id = parse_id("quote", quote, "statusQuoteId") if quote is not UNSET and quote is not None else None
    if isinstance(input.status, AccountStatus):
        return Step(input.status, reason, quote_id)
    if reason or quote_id:
        raise InvalidInput("status", "Give the status that this is the reason of.")
    return None
