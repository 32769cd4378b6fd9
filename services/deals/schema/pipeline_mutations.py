"""Making pipelines: input types, their parsing, the mutations."""

from typing import Annotated, Self

import strawberry

from chassis import errors, text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, Error, register
from chassis.identifiers import parse_id
from services.deals.commands import pipeline_design as design
from services.deals.commands import stage_removal as removal
from services.deals.errors import StageHasDeals as HasDeals
from services.deals.schema.enums import Requirement, Strictness
from services.deals.schema.pipelines import PipelineType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, written
from services.deals.values import stages
from services.deals.values.references import optional_id
from services.deals.values.stages import MOST_STAGES, Criterion, Need, StageShape

MOST_OF_A_NAME = 80
PipelineResult = Annotated[
    PipelineType | CommonErrors,
    strawberry.union("PipelineResult", description="The pipeline, or why nothing was written."),
]


@register
@strawberry.type(description="Deals are there: say where they go.")
class StageHasDeals(Error):
    """See errors.StageHasDeals."""

    count: int = strawberry.field(description="How many.")

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """With their number."""
        if not isinstance(error, HasDeals):
            raise TypeError(f"not a StageHasDeals: {error!r}")
        return cls(code=error.code, message=error.message, path=[*error.path], count=error.count)


RemovalResult = Annotated[
    PipelineType | StageHasDeals | CommonErrors,
    strawberry.union("RemovalResult", description="The pipeline as it is now, or why nothing was written."),
]


@strawberry.input(description="One thing that a deal needs before it goes on from a stage.")
class ExitCriterionInput:
    """See values.stages.Criterion."""

    field: Requirement = strawberry.field(description="What it needs.")
    custom_field: str | None = strawberry.field(
        default=None, description="With CUSTOM_FIELD: the key of a field that the organization added to deals."
    )
    severity: Strictness = strawberry.field(description="What happens without it.")


@strawberry.input(description="A stage to make.")
class StageInput:
    """See values.stages.StageShape."""

    name: str = strawberry.field(description="Its name.")
    probability: int = strawberry.field(description="Chance that a deal there is won, 0 to 100 percent.")
    expected_days: int = strawberry.field(description="How many days a deal should stay there at most.")
    color: str | None = strawberry.field(default=None, description="As #22c55e; grey if absent.")
    criteria: list[ExitCriterionInput] = strawberry.field(
        default_factory=list, description="What a deal needs before it goes on."
    )


@strawberry.input(description="A new pipeline.")
class CreatePipelineInput(Write):
    """See commands.pipeline_design.NewPipeline."""

    name: str = strawberry.field(description="Its name; no other pipeline in use has it.")
    stages: list[StageInput] = strawberry.field(default_factory=list, description="In order; SPANCO's if absent.")
    is_default: bool = strawberry.field(default=False, description="Whether new deals begin here.")


@strawberry.input(description="What a pipeline becomes; what is absent stays.")
class UpdatePipelineInput(Update):
    """See commands.pipeline_design.PipelineChange."""

    name: str | None = strawberry.field(default=None, description="Its name.")
    make_default: bool = strawberry.field(default=False, description="Whether new deals begin here from now on.")


@strawberry.input(description="A pipeline to take out of use.")
class ArchivePipelineInput(Update):
    """See commands.stage_removal.Removal."""

    destination_stage_id: strawberry.ID | None = strawberry.field(
        default=None, description="The stage of another pipeline where its deals go; needed where there are deals."
    )


@strawberry.input(description="A pipeline to use again.")
class RestorePipelineInput(Update):
    """See commands.stage_removal.Restoring."""


@strawberry.input(description="A stage to add to a pipeline.")
class AddStageInput(Write):
    """See commands.pipeline_design.NewStage."""

    pipeline_id: strawberry.ID = strawberry.field(description="The pipeline.")
    stage: StageInput = strawberry.field(description="The stage.")
    position: int | None = strawberry.field(default=None, description="Its place, from 1; the last if absent.")


@strawberry.input(description="What a stage becomes; what is absent stays. `expectedVersion` is its pipeline's.")
class UpdateStageInput(Update):
    """See commands.pipeline_design.StageChange."""

    name: str | None = strawberry.field(default=None, description="Its name.")
    probability: int | None = strawberry.field(default=None, description="0 to 100 percent.")
    expected_days: int | None = strawberry.field(default=None, description="How long a deal should stay at most.")
    color: str | None = strawberry.field(default=None, description="As #22c55e.")
    criteria: list[ExitCriterionInput] | None = strawberry.field(
        default=None, description="All that a deal needs before it goes on."
    )


@strawberry.input(description="A stage to take out of its pipeline. `expectedVersion` is its pipeline's.")
class RemoveStageInput(Update):
    """See commands.stage_removal.Removal."""

    destination_stage_id: strawberry.ID | None = strawberry.field(
        default=None, description="The stage of the same pipeline where its deals go; needed where there are deals."
    )


@strawberry.input(description="A pipeline's stages in their new order.")
class ReorderStagesInput(Update):
    """See commands.pipeline_design.StageOrder."""

    stage_ids: list[strawberry.ID] = strawberry.field(description="Every stage of the pipeline, once.")


def _criteria(given: list[ExitCriterionInput], field: str) -> tuple[Criterion, ...]:
    return stages.criteria((Criterion(Need(one.field, one.custom_field), one.severity) for one in given), field)


def _shape(input: StageInput, at: str) -> StageShape:
    return StageShape(
        name=text.line(input.name, f"{at}.name", most=MOST_OF_A_NAME),
        probability=stages.probability(input.probability, f"{at}.probability"),
        expected_days=stages.expected_days(input.expected_days, f"{at}.expectedDays"),
        color=None if input.color is None else stages.color(input.color, f"{at}.color"),
        criteria=_criteria(input.criteria, f"{at}.criteria"),
    )


def _changed_shape(input: UpdateStageInput) -> StageShape:
    days = input.expected_days
    return StageShape(
        name=None if input.name is None else text.line(input.name, "name", most=MOST_OF_A_NAME),
        probability=None if input.probability is None else stages.probability(input.probability, "probability"),
        expected_days=None if days is None else stages.expected_days(days, "expectedDays"),
        color=None if input.color is None else stages.color(input.color, "color"),
        criteria=None if input.criteria is None else _criteria(input.criteria, "criteria"),
    )


@strawberry.type
class PipelineMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Make a pipeline.", extensions=writing())
    async def create_pipeline(self, info: Info, input: Annotated[CreatePipelineInput, GIVEN]) -> PipelineResult:
        """See commands.pipeline_design.create_pipeline."""
        if len(input.stages) > MOST_STAGES:
            raise InvalidInput("stages", f"A pipeline has at most {MOST_STAGES} stages.")
        order = design.NewPipeline(
            name=text.line(input.name, "name", most=MOST_OF_A_NAME),
            stages=tuple(_shape(one, f"stages.{place}") for place, one in enumerate(input.stages)),
            is_default=input.is_default,
        )
        return await written(info, input, design.create_pipeline, order, PipelineType)

    @strawberry.mutation(description="Rename a pipeline, or make it the default one.", extensions=writing())
    async def update_pipeline(self, info: Info, input: Annotated[UpdatePipelineInput, GIVEN]) -> PipelineResult:
        """See commands.pipeline_design.update_pipeline."""
        order = design.PipelineChange(
            id=parse_id("pipeline", input.id),
            expected_version=input.expected_version,
            name=None if input.name is None else text.line(input.name, "name", most=MOST_OF_A_NAME),
            is_default=input.make_default,
        )
        return await written(info, input, design.update_pipeline, order, PipelineType)

    @strawberry.mutation(description="Take a pipeline out of use; its deals go elsewhere.", extensions=writing())
    async def archive_pipeline(self, info: Info, input: Annotated[ArchivePipelineInput, GIVEN]) -> RemovalResult:
        """See commands.stage_removal.archive_pipeline."""
        order = removal.Removal(
            id=parse_id("pipeline", input.id),
            destination=optional_id("stage", input.destination_stage_id, "destinationStageId"),
            expected_version=input.expected_version,
        )
        return await written(info, input, removal.archive_pipeline, order, PipelineType)

    @strawberry.mutation(description="Use a pipeline again.", extensions=writing())
    async def restore_pipeline(self, info: Info, input: Annotated[RestorePipelineInput, GIVEN]) -> PipelineResult:
        """See commands.stage_removal.restore_pipeline."""
        order = removal.Restoring(id=parse_id("pipeline", input.id), expected_version=input.expected_version)
        return await written(info, input, removal.restore_pipeline, order, PipelineType)

    @strawberry.mutation(description="Add a stage to a pipeline.", extensions=writing())
    async def add_stage(self, info: Info, input: Annotated[AddStageInput, GIVEN]) -> PipelineResult:
        """See commands.pipeline_design.add_stage."""
        order = design.NewStage(
            pipeline=parse_id("pipeline", input.pipeline_id, "pipelineId"),
            shape=_shape(input.stage, "stage"),
            position=input.position,
        )
        return await written(info, input, design.add_stage, order, PipelineType)

    @strawberry.mutation(description="Change a stage.", extensions=writing())
    async def update_stage(self, info: Info, input: Annotated[UpdateStageInput, GIVEN]) -> PipelineResult:
        """See commands.pipeline_design.update_stage."""
        order = design.StageChange(
            id=parse_id("stage", input.id), expected_version=input.expected_version, shape=_changed_shape(input)
        )
        return await written(info, input, design.update_stage, order, PipelineType)

    @strawberry.mutation(
        description="Take a stage out of its pipeline; its deals go to another one.", extensions=writing()
    )
    async def remove_stage(self, info: Info, input: Annotated[RemoveStageInput, GIVEN]) -> RemovalResult:
        """See commands.stage_removal.remove_stage."""
        order = removal.Removal(
            id=parse_id("stage", input.id),
            destination=optional_id("stage", input.destination_stage_id, "destinationStageId"),
            expected_version=input.expected_version,
        )
        return await written(info, input, removal.remove_stage, order, PipelineType)

    @strawberry.mutation(description="Give a pipeline's stages another order.", extensions=writing())
    async def reorder_stages(self, info: Info, input: Annotated[ReorderStagesInput, GIVEN]) -> PipelineResult:
        """See commands.pipeline_design.reorder_stages."""
        if len(input.stage_ids) > MOST_STAGES:
            raise InvalidInput("stageIds", f"A pipeline has at most {MOST_STAGES} stages.")
        order = design.StageOrder(
            pipeline=parse_id("pipeline", input.id),
            stages=tuple(parse_id("stage", str(one), "stageIds") for one in input.stage_ids),
            expected_version=input.expected_version,
        )
        return await written(info, input, design.reorder_stages, order, PipelineType)
