"""Pipelines and stages."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.deals.queries import batches
from services.deals.schema.enums import Requirement, Strictness
from services.deals.values.stages import Criterion, Need, read_criteria


@strawberry.type(description="One thing that a deal needs before it goes on from a stage.")
class ExitCriterion:
    """See values.stages.Criterion."""

    need: strawberry.Private[Need]
    field: Requirement = strawberry.field(description="What it needs.")
    custom_field: str | None = strawberry.field(description="The key of the field, for CUSTOM_FIELD.")
    severity: Strictness = strawberry.field(description="What happens without it.")

    @classmethod
    def of(cls, one: Criterion) -> Self:
        """As it is asked for."""
        need = one.need
        return cls(need=need, field=need.requirement, custom_field=need.custom_field, severity=one.severity)


@strawberry.federation.type(name="Stage", keys=["id"], description="A step of a pipeline.")
class StageType:
    """See model.Stage."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `stage_…`.")
    name: str = strawberry.field(description="Its name.")
    position: int = strawberry.field(description="Its place in the pipeline, from 1.")
    probability: int = strawberry.field(description="Chance that a deal at this stage is won, in percent.")
    expected_days: int = strawberry.field(description="How many days a deal should stay here at most.")
    color: str = strawberry.field(description="Its colour, as #22c55e.")
    criteria: list[ExitCriterion] = strawberry.field(description="What a deal needs before it goes on from here.")
    archived_at: datetime | None = strawberry.field(description="When it was taken out of its pipeline, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("stage", row.id)),
            name=row.name,
            position=row.position,
            probability=row.probability,
            expected_days=row.expected_days,
            color=row.color,
            criteria=[ExitCriterion.of(one) for one in read_criteria(row.criteria)],
            archived_at=row.archived_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self:
        """The stage that a row refers to."""
        return cls.of(await info.context.load(batches.stages, id))

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await info.context.load(batches.stages, parse_id("stage", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="The pipeline it belongs to.")
    async def pipeline(self, info: Info) -> "PipelineType":
        """Loaded with the others of the answer."""
        return await PipelineType.load(info, self.row.pipeline_id)


@strawberry.federation.type(name="Pipeline", keys=["id"], description="An ordered set of stages.")
class PipelineType:
    """See model.Pipeline."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `pipeline_…`.")
    version: int = strawberry.field(description="Grows with every change of it or of its stages.")
    name: str = strawberry.field(description="Its name.")
    is_default: bool = strawberry.field(description="Whether new deals begin here unless told otherwise.")
    archived_at: datetime | None = strawberry.field(description="When it was taken out of use, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        id = strawberry.ID(format_id("pipeline", row.id))
        return cls(
            row=row,
            id=id,
            version=row.version,
            name=row.name,
            is_default=row.is_default,
            archived_at=row.archived_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self:
        """The pipeline that a row refers to."""
        return cls.of(await info.context.load(batches.pipelines, id))

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await info.context.load(batches.pipelines, parse_id("pipeline", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="Its stages in use, in order.")
    async def stages(self, info: Info) -> list[StageType]:
        """One statement for all the pipelines of an answer."""
        return [StageType.of(row) for row in await info.context.load(batches.stages_of_pipeline, self.row.id)]
