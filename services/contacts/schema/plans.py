"""Plans: what an organization has, how it came to it, and choosing another."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.plans import Plan
from services.contacts import queries
from services.contacts.commands import plans as commands
from services.contacts.permissions import Rule
from services.contacts.schema.enums import PlanStep
from services.contacts.schema.organizations import Collaborator, Organization, OrganizationResult
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Write, field, once, parsed


@strawberry.type(description="A step in the history of an organization's plan, and what it gave from then on.")
class PlanChange:
    """See model.PlanChange."""

    at: datetime = strawberry.field(description="When.")
    step: PlanStep = strawberry.field(description="What happened.")
    plan: Plan = strawberry.field(description="The plan from then on.")
    trial_ends_at: datetime | None = strawberry.field(description="The end of the trial, as it was then.")
    subscribed: bool = strawberry.field(description="Whether it was subscribed from then on.")
    operator: str | None = strawberry.field(description="Who of the operators did it, if it was one.")
    note: str | None = strawberry.field(description="What they said of it: a purchase order, an invoice.")
    by_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Which collaborator did it, if it was one.")
    async def by(self, info: Info) -> Collaborator | None:
        """Gathered."""
        return await Collaborator.load(info, self.by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.plan_history."""
        told = {name: value for name, value in row._mapping.items() if name not in ("id", "organization_id")}
        return cls(**told)


@strawberry.input(description="Have PRO from now on. No payment is taken here: who subscribed, and when, is recorded.")
class SubscribeInput(Write):
    """See commands.subscribe."""

    expected_version: int | None = strawberry.field(
        default=None, description="The organization's version you saw: refused if there is a newer one."
    )
    note: str | None = field("A purchase order, a person to invoice: kept with the subscription.")


@strawberry.input(description="Which plan to have.")
class ChangePlanInput(Write):
    """See commands.change_plan."""

    expected_version: int | None = strawberry.field(
        default=None, description="The organization's version you saw: refused if there is a newer one."
    )
    plan: Plan = strawberry.field(
        description="CRM ends a subscription, and leaves everything readable; PRO takes up what is left of the trial."
    )


@strawberry.type
class PlanMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Subscribe to PRO: whatever was read-only can be written again.",
        extensions=writing(Rule.MANAGE_PLAN),
    )
    async def subscribe(
        self, info: Info, input: Annotated[SubscribeInput, strawberry.argument(description="How.")]
    ) -> OrganizationResult:
        """See commands.subscribe."""

        async def act(work: UnitOfWork) -> UUID:
            note = parsed(input.note, text.optional_line, "note") or None
            return await commands.subscribe(work, commands.By(note=note), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(
        description="Go to the free plan, or back to PRO while its trial lasts. Nothing is lost by it.",
        extensions=writing(Rule.MANAGE_PLAN),
    )
    async def change_plan(
        self, info: Info, input: Annotated[ChangePlanInput, strawberry.argument(description="Which.")]
    ) -> OrganizationResult:
        """See commands.change_plan."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.change_plan(work, input.plan, commands.By(), input.expected_version)

        return await _shown(info, await once(info, input, act))


async def _shown(info: Info, id: UUID) -> Organization:
    return Organization.of(await info.context.load(queries.organizations, id))
