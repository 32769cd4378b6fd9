"""What a collaborator follows by rule."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.deals.commands import follow_rules as commands
from services.deals.queries.followers import rules_of
from services.deals.schema.enums import FollowKind
from services.deals.schema.papers import FollowRule
from services.deals.schema.rights import reading, writing
from services.deals.schema.unit import GIVEN, Write, once, written
from services.deals.values.money import money

FollowRuleResult = Annotated[
    FollowRule | CommonErrors,
    strawberry.union("FollowRuleResult", description="The rule, or why nothing was written."),
]


@strawberry.type(description="A rule that is no more.")
class FollowRuleDropped:
    """See commands.follow_rules.drop_follow_rule."""

    id: strawberry.ID = strawberry.field(description="What its TypeID was.")


DropResult = Annotated[
    FollowRuleDropped | CommonErrors,
    strawberry.union("DropFollowRuleResult", description="That it is gone, or why it is not."),
]


@strawberry.input(description="Deals that you want to follow, whichever they are at the time.")
class ChooseToFollowInput(Write):
    """See commands.follow_rules.Choice."""

    kind: FollowKind = strawberry.field(description="Which deals.")
    amount: Decimal | None = strawberry.field(default=None, description="The floor, with ABOVE_AMOUNT and only then.")
    currency: str | None = strawberry.field(default=None, description="Its currency, ISO 4217.")


@strawberry.input(description="A rule of yours to drop.")
class DropFollowRuleInput(Write):
    """See commands.follow_rules.Dropping."""

    id: strawberry.ID = strawberry.field(description="The rule.")


def caller(info: Info) -> UUID:
    """The collaborator who asks. Raises InvalidInput for the system."""
    if info.context.actor.collaborator is None:
        raise InvalidInput("collaboratorId", "Only a collaborator has this.")
    return info.context.actor.collaborator


@strawberry.type
class FollowingMutation:
    """Part of the root of writing."""

    @strawberry.mutation(
        description="Follow every deal of your accounts, of your teams, or above an amount.", extensions=writing()
    )
    async def choose_to_follow(self, info: Info, input: Annotated[ChooseToFollowInput, GIVEN]) -> FollowRuleResult:
        """See commands.follow_rules.choose_to_follow."""
        floor = money(input.amount, input.currency)
        if (floor is not None) is not (input.kind is FollowKind.ABOVE_AMOUNT):
            raise InvalidInput("amount", "A floor goes with ABOVE_AMOUNT, and with nothing else.")
        order = commands.Choice(collaborator=caller(info), kind=input.kind, floor=floor)
        return await written(info, input, commands.choose_to_follow, order, FollowRule)

    @strawberry.mutation(description="Drop a rule of yours.", extensions=writing())
    async def drop_follow_rule(self, info: Info, input: Annotated[DropFollowRuleInput, GIVEN]) -> DropResult:
        """See commands.follow_rules.drop_follow_rule."""
        order = commands.Dropping(id=parse_id("follow_rule", input.id), collaborator=caller(info))
        gone = await once(info, input, commands.drop_follow_rule, order)
        return FollowRuleDropped(id=strawberry.ID(format_id("follow_rule", gone)))


@strawberry.type
class FollowingQuery:
    """Part of the root of reading."""

    @strawberry.field(description="What you want to follow.", extensions=reading())
    async def my_follow_rules(self, info: Info) -> list[FollowRule]:
        """Oldest first."""
        return [FollowRule.of(row) for row in await info.context.read.rows(rules_of(caller(info)))]
