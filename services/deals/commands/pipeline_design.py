"""Pipelines as an organization wants them. Every change of one holds its row: two changes at a time are one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, VersionConflict
from chassis.identifiers import new_id
from services.deals.commands.pipelines import ensure_default_pipeline
from services.deals.commands.stages import check_criteria
from services.deals.errors import NameTaken, PipelineInUse
from services.deals.model import COLOR, SPANCO, Pipeline, Stage
from services.deals.values.references import Reference
from services.deals.values.stages import MOST_STAGES, StageShape

MOST_PIPELINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPipeline:
    """A pipeline to make; with SPANCO's stages where none are told."""

    name: str
    stages: tuple[StageShape, ...] = ()
    is_default: bool = False
    references: tuple[Reference, ...] = ()


async def create_pipeline(work: UnitOfWork, order: NewPipeline) -> UUID:
    """Make a pipeline. Raises NameTaken, InvalidInput."""
    await ensure_default_pipeline(work)
    await _check_name(work, order.name)
    if len(order.stages) > MOST_STAGES:
        raise InvalidInput("stages", f"A pipeline has at most {MOST_STAGES} stages.")
    if len((await work.session.scalars(select(Pipeline.id))).all()) >= MOST_PIPELINES:
        raise InvalidInput("name", f"There are {MOST_PIPELINES} pipelines: use one of them.")
    pipeline = Pipeline(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        name=order.name,
        is_default=False,
        created_at=work.now,
    )
    work.session.add(pipeline)
    await work.session.flush()
    shapes = order.stages or tuple(
        StageShape(one.name, one.probability, one.expected_days, one.color) for one in SPANCO
    )
    for place, shape in enumerate(shapes):
        await check_criteria(work, shape.criteria, f"stages.{place}.criteria")
    rows = [_row(work, pipeline.id, place, shape) for place, shape in enumerate(shapes, start=1)]
    await work.session.execute(insert(Stage), rows)
    if order.is_default:
        await _make_default(work, pipeline)
    return pipeline.id


def _row(work: UnitOfWork, pipeline: UUID, position: int, shape: StageShape) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "pipeline_id": pipeline,
        "position": position,
        "color": COLOR,
        "criteria": [],
        **shape.columns(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineChange:
    """What a pipeline becomes; what is None stays."""

    id: UUID
    expected_version: int | None
    name: str | None = None
    is_default: bool = False
    references: tuple[Reference, ...] = ()


async def update_pipeline(work: UnitOfWork, order: PipelineChange) -> UUID:
    """Rename a pipeline, or make it the default. Raises NotFound, VersionConflict, NameTaken, PipelineInUse."""
    pipeline = await held(work, order.id, order.expected_version)
    if order.name is not None and order.name != pipeline.name:
        await _check_name(work, order.name)
        pipeline.name = order.name
    if order.is_default and not pipeline.is_default:
        await _make_default(work, pipeline)
    pipeline.version += 1
    return pipeline.id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStage:
    """A stage to add: before the one that stands at `position` now, or at the end."""

    pipeline: UUID
    shape: StageShape
    position: int | None = None
    references: tuple[Reference, ...] = ()


async def add_stage(work: UnitOfWork, order: NewStage) -> UUID:
    """Add a stage to a pipeline. Raises NotFound, PipelineInUse, InvalidInput. Gives the pipeline's id."""
    pipeline = await held(work, order.pipeline, field="pipelineId")
    stages = await in_order(work, pipeline.id)
    if len(stages) >= MOST_STAGES:
        raise InvalidInput("pipelineId", f"A pipeline has at most {MOST_STAGES} stages.")
    if order.position is not None and not 1 <= order.position <= len(stages) + 1:
        raise InvalidInput("position", f"Give 1 to {len(stages) + 1}.")
    await check_criteria(work, order.shape.criteria, "stage.criteria")
    added = Stage(**_row(work, pipeline.id, -MOST_STAGES - 1, order.shape))
    work.session.add(added)
    await work.session.flush()
    place = (order.position or len(stages) + 1) - 1
    await renumber(work, [*stages[:place], added.id, *stages[place:]])
    pipeline.version += 1
    return pipeline.id


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """What a stage becomes; the version is its pipeline's."""

    id: UUID
    expected_version: int | None
    shape: StageShape
    references: tuple[Reference, ...] = ()


async def update_stage(work: UnitOfWork, order: StageChange) -> UUID:
    """Change a stage's name, probability, days, colour or criteria.

    Raises NotFound, VersionConflict, PipelineInUse, InvalidInput. Gives the pipeline's id.
    """
    pipeline, stage = await held_with_stage(work, order.id, order.expected_version, "id")
    await check_criteria(work, order.shape.criteria, "criteria")
    for name, value in order.shape.columns().items():
        setattr(stage, name, value)
    pipeline.version += 1
    return pipeline.id


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOrder:
    """All the stages of a pipeline, in their new order."""

    pipeline: UUID
    stages: tuple[UUID, ...]
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def reorder_stages(work: UnitOfWork, order: StageOrder) -> UUID:
    """Give a pipeline's stages another order. Raises NotFound, VersionConflict, InvalidInput."""
    pipeline = await held(work, order.pipeline, order.expected_version)
    if sorted(await in_order(work, pipeline.id)) != sorted(order.stages):
        raise InvalidInput("stageIds", "Name every stage of the pipeline once.")
    await renumber(work, order.stages)
    pipeline.version += 1
    return pipeline.id


async def held(work: UnitOfWork, id: UUID, version: int | None = None, field: str = "id") -> Pipeline:
    """A pipeline in use, locked. Raises NotFound, VersionConflict, PipelineInUse."""
    pipeline = await locked_pipeline(work, id, version, field)
    if pipeline.archived_at is not None:
        raise PipelineInUse("The pipeline is archived: restore it first.", field)
    return pipeline


async def locked_pipeline(work: UnitOfWork, id: UUID, version: int | None = None, field: str = "id") -> Pipeline:
    """A pipeline, locked. Raises NotFound, VersionConflict."""
    statement = select(Pipeline).where(Pipeline.id == id).with_for_update(key_share=True)
    pipeline = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if pipeline is None:
        raise NotFound("pipeline", id, field)
    if version is not None and version != pipeline.version:
        raise VersionConflict(version, pipeline.version)
    return pipeline


async def held_with_stage(work: UnitOfWork, stage: UUID, version: int | None, field: str) -> tuple[Pipeline, Stage]:
    """A stage in use and its pipeline, both locked, the pipeline first.

    Raises NotFound, VersionConflict, PipelineInUse.
    """
    pipeline_id = await work.session.scalar(select(Stage.pipeline_id).where(Stage.id == stage))
    if pipeline_id is None:
        raise NotFound("stage", stage, field)
    pipeline = await held(work, pipeline_id, version)
    statement = select(Stage).where(Stage.id == stage, Stage.archived_at.is_(None)).with_for_update(key_share=True)
    found = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("stage", stage, field)
    return pipeline, found


async def in_order(work: UnitOfWork, pipeline: UUID) -> list[UUID]:
    """The ids of a pipeline's stages in use, first to last."""
    used = select(Stage.id).where(Stage.pipeline_id == pipeline, Stage.archived_at.is_(None))
    return list((await work.session.scalars(used.order_by(Stage.position))).all())


async def renumber(work: UnitOfWork, stages: Sequence[UUID]) -> None:
    """Number stages from 1 in this order; by way of negative numbers, since no two may share one at any moment."""
    await work.session.execute(
        update(Stage).where(Stage.id.in_(stages)).values(position=-Stage.position - MOST_STAGES * 2),
        execution_options={"synchronize_session": False},
    )
    for place, id in enumerate(stages, start=1):
        await work.session.execute(
            update(Stage).where(Stage.id == id).values(position=place), execution_options={"synchronize_session": False}
        )


async def _check_name(work: UnitOfWork, name: str) -> None:
    """Raise NameTaken; a twin that comes at the same moment waits here for the organization's other pipelines."""
    await work.session.execute(select(Pipeline.id).where(Pipeline.is_default).with_for_update(key_share=True))
    taken = select(Pipeline.id).where(Pipeline.name == name, Pipeline.archived_at.is_(None))
    if await work.session.scalar(taken) is not None:
        raise NameTaken(name)


async def _make_default(work: UnitOfWork, pipeline: Pipeline) -> None:
    await work.session.execute(update(Pipeline).where(Pipeline.is_default).values(is_default=False))
    pipeline.is_default = True
    await work.session.flush()
