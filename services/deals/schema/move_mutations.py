"""Moving deals from stage to stage."""

from typing import Annotated, Self

import strawberry

from chassis import errors
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, Error, register
from chassis.identifiers import parse_id
from services.deals.commands import moves
from services.deals.errors import CriteriaNotMet as NotMet
from services.deals.schema.deals import DealType
from services.deals.schema.pipelines import ExitCriterion
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, written


@register
@strawberry.type(description="The deal lacks what its stage requires before it goes on.")
class CriteriaNotMet(Error):
    """See errors.CriteriaNotMet."""

    unmet: list[ExitCriterion] = strawberry.field(
        description="What it lacks. It cannot go on without what blocks; without what warns, with acceptWarnings."
    )

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """With what is missing."""
        if not isinstance(error, NotMet):
            raise TypeError(f"not a CriteriaNotMet: {error!r}")
        return cls(
            code=error.code,
            message=error.message,
            path=[*error.path],
            unmet=[ExitCriterion.of(one) for one in error.unmet],
        )


MoveResult = Annotated[
    DealType | CriteriaNotMet | CommonErrors,
    strawberry.union("MoveDealResult", description="The deal in its new stage, or why it stayed."),
]


@strawberry.input(description="Where a deal goes in its pipeline.")
class MoveDealToStageInput(Update):
    """See commands.moves.StageMove."""

    stage_id: strawberry.ID = strawberry.field(description="A stage of the deal's own pipeline.")
    accept_warnings: bool = strawberry.field(
        default=False, description="Whether it goes on without what its stage only warns about."
    )


@strawberry.input(description="Where a deal goes in another pipeline.")
class MoveDealToPipelineInput(Update):
    """See commands.moves.StageMove."""

    stage_id: strawberry.ID = strawberry.field(description="A stage of another pipeline than the deal's.")


@strawberry.type
class MoveMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Move an open deal to another stage of its pipeline.", extensions=writing())
    async def move_deal_to_stage(self, info: Info, input: Annotated[MoveDealToStageInput, GIVEN]) -> MoveResult:
        """See commands.moves.move_deal_to_stage."""
        order = moves.StageMove(
            id=parse_id("deal", input.id),
            stage=parse_id("stage", input.stage_id, "stageId"),
            expected_version=input.expected_version,
            accept_warnings=input.accept_warnings,
        )
        return await written(info, input, moves.move_deal_to_stage, order, DealType)

    @strawberry.mutation(description="Move an open deal to a stage of another pipeline.", extensions=writing())
    async def move_deal_to_pipeline(self, info: Info, input: Annotated[MoveDealToPipelineInput, GIVEN]) -> MoveResult:
        """See commands.moves.move_deal_to_stage."""
        order = moves.StageMove(
            id=parse_id("deal", input.id),
            stage=parse_id("stage", input.stage_id, "stageId"),
            expected_version=input.expected_version,
            elsewhere=True,
        )
        return await written(info, input, moves.move_deal_to_stage, order, DealType)

    move_deals_to_stage = batch_of(move_deal_to_stage, "move_deals_to_stage", "Move deals to other stages.")
