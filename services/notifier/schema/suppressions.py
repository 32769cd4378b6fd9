"""Addresses that are left alone, and what came back of each mail."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import (
    ChoiceFilter,
    Conditions,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.graphql.rules import reading, writing
from chassis.identifiers import format_id, parse_id
from services.notifier import queries
from services.notifier.bounces.reports import ReportKind
from services.notifier.commands.bouncing import lift
from services.notifier.model import Suppression, SuppressionReason
from services.notifier.permissions import Rule
from services.notifier.queries import Found
from services.notifier.schema.unit import Write, once

_TABLE = Suppression.__table__.c

described(
    SuppressionReason,
    "Why nothing is sent to an address.",
    HARD_BOUNCE="The address, or its domain, is gone or takes no mail at all.",
    COMPLAINT="Its reader called a mail spam.",
)
described(
    ReportKind,
    "What came back of a mail.",
    name="DeliveryReportKind",
    HARD="The address is gone, or takes no mail at all.",
    SOFT="It could not be delivered this time.",
    COMPLAINT="Its reader called it spam.",
    DELAYED="It is late; the relay still tries.",
    DELIVERED="It reached the mailbox.",
    OTHER="Something else, an answer of the absent for instance.",
)


@strawberry.type(description="What came back of a mail after the relay had taken it.")
class DeliveryReport:
    """A report."""

    kind: ReportKind = strawberry.field(description="What it says.")
    status_code: str = strawberry.field(description="Its code of RFC 3463, such as 5.1.1; empty where it names none.")
    words: str = strawberry.field(description="The other side's words.")
    received_at: datetime = strawberry.field(description="When it came.")

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        told = {name: getattr(row, name) for name in ("status_code", "words", "received_at")}
        return cls(kind=ReportKind(row.kind), **told)


@strawberry.type(name="SuppressedAddress", description="An address that nothing is sent to for now.")
class SuppressedAddress:
    """See model.Suppression."""

    id: strawberry.ID = strawberry.field(description="TypeID, `suppression_…`.")
    email: str = strawberry.field(description="The address.")
    reason: SuppressionReason = strawberry.field(description="Why.")
    answer: str = strawberry.field(description="What the other side said.")
    since: datetime = strawberry.field(description="Since when.")
    until: datetime = strawberry.field(description="When mail goes again by itself.")

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        told = {name: getattr(row, name) for name in ("email", "answer", "since", "until")}
        id = strawberry.ID(format_id("suppression", row.id))
        return cls(id=id, reason=SuppressionReason(row.reason), **told)


@strawberry.input(description="Which addresses. All the conditions given must hold.")
class SuppressedAddressFilter:
    """See ADDRESSES."""

    id: IdFilter | None = condition("Which one.")
    email: StringFilter | None = condition("The address.")
    reason: ChoiceFilter[SuppressionReason] | None = condition("Why nothing is sent.")
    since: DateTimeFilter | None = condition("Since when.")
    until: DateTimeFilter | None = condition("When mail goes again by itself.")
    and_: list["SuppressedAddressFilter"] | None = condition("All of these hold.", name="and")
    or_: list["SuppressedAddressFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "SuppressedAddressFilter | None" = condition("This does not hold.", name="not")


class SuppressedAddressOrderField(StrEnum):
    """See COLUMNS."""

    EMAIL = "email"
    SINCE = "since"
    UNTIL = "until"


described(
    SuppressedAddressOrderField,
    "What suppressed addresses can be ordered by.",
    EMAIL="The address.",
    SINCE="Since when.",
    UNTIL="When mail goes again by itself.",
)
COLUMNS: Columns = {
    SuppressedAddressOrderField.EMAIL: (_TABLE.email, False),
    SuppressedAddressOrderField.SINCE: (_TABLE.since, False),
    SuppressedAddressOrderField.UNTIL: (_TABLE.until, False),
}


@strawberry.input(description="One term of an order of suppressed addresses.")
class SuppressedAddressOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: SuppressedAddressOrderField = strawberry.field(description="By what.")


_CONDITIONS: Conditions = {
    "id": by(_TABLE.id, "suppression"),
    **{name: by(_TABLE[name]) for name in ("email", "reason", "since", "until")},
}
ADDRESSES = Listing(
    queries.suppressions(), _TABLE.id, SuppressedAddress.of, lambda filter: where(filter, _CONDITIONS), COLUMNS
)


@strawberry.type
class SuppressionQueries:
    """Fields of Query."""

    suppressed_addresses = list_field(
        lambda: ADDRESSES,
        SuppressedAddress,
        filter=SuppressedAddressFilter,
        order=SuppressedAddressOrder,
        description="Addresses that nothing is sent to for now, of contacts and collaborators alike.",
        extensions=reading(Rule.READ_SUPPRESSIONS),
    )


@strawberry.input(description="Which address to write to again.")
class LiftSuppressionInput(Write):
    """By id."""

    id: strawberry.ID = strawberry.field(description="The suppressed address's TypeID.")


@strawberry.type(description="Mail goes to the address again.")
class SuppressionLifted:
    """What lifting answers."""

    id: strawberry.ID = strawberry.field(description="The suppression that was.")


LiftSuppressionResult = Annotated[
    SuppressionLifted | CommonErrors,
    strawberry.union(name="LiftSuppressionResult", description="It is lifted, or why nothing was written."),
]


@strawberry.type
class SuppressionMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Write to an address again, since it was mended or its reader asks for it; what came back of it "
        "before counts no more. Deliveries that were not sent meanwhile are not sent now.",
        extensions=writing(Rule.LIFT_SUPPRESSIONS),
    )
    async def lift_suppression(
        self,
        info: Info,
        input: Annotated[LiftSuppressionInput, strawberry.argument(description="Which one.")],
    ) -> LiftSuppressionResult:
        """By id."""

        async def act(work: UnitOfWork) -> UUID:
            return await lift(work, parse_id("suppression", input.id))

        return SuppressionLifted(id=strawberry.ID(format_id("suppression", await once(info, input, act))))

    lift_suppressions = batch_of(lift_suppression, "lift_suppressions", "Write to several addresses again.")
