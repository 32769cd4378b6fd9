"""Stages and pipelines taken out of use: the deals in them go where the caller says, in the same transaction.

A removal locks its pipelines, then the stages it removes, then the deals in them. A move locks its deal, then holds
the stage it goes to. So a deal that moves here at the same time is either moved on by the removal, or refused.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from services.deals.commands.moves import move_all
from services.deals.commands.pipeline_design import held, held_with_stage, in_order, locked_pipeline, renumber
from services.deals.commands.stages import deals_in, open_stage
from services.deals.errors import NameTaken, PipelineInUse, StageHasDeals, TooManyDeals
from services.deals.model import Deal, Pipeline, Stage
from services.deals.values.references import Reference

MOST_MOVED = 1_000
"""Deals that one removal moves: each is a fact and a message of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A stage or pipeline that goes, and where its deals go; the version is the pipeline's."""

    id: UUID
    expected_version: int | None
    destination: UUID | None
    references: tuple[Reference, ...] = ()


async def remove_stage(work: UnitOfWork, order: Removal) -> UUID:
    """Take a stage out of its pipeline, and its deals to another.

    Raises NotFound, VersionConflict, PipelineInUse, StageHasDeals, TooManyDeals, InvalidInput. Gives the pipeline's id.
    """
    pipeline, stage = await held_with_stage(work, order.id, order.expected_version, "id")
    rest = [id for id in await in_order(work, pipeline.id) if id != stage.id]
    if not rest:
        raise PipelineInUse("A pipeline keeps a stage: archive the pipeline, or add another stage first.")
    if order.destination is not None and order.destination not in rest:
        raise InvalidInput("destinationStageId", "Deals go to another stage of the same pipeline.")
    stage.archived_at = work.now
    await work.session.flush()
    await _empty(work, [stage.id], order.destination, f"stage_removed: {stage.name}")
    await renumber(work, rest)
    pipeline.version += 1
    return pipeline.id


async def archive_pipeline(work: UnitOfWork, order: Removal) -> UUID:
    """Take a pipeline out of use. Raises NotFound, PipelineInUse, StageHasDeals, TooManyDeals, InvalidInput."""
    pipeline = await held(work, order.id, order.expected_version)
    if pipeline.is_default:
        raise PipelineInUse("New deals begin in this pipeline: make another one the default first.")
    stages = await in_order(work, pipeline.id)
    if order.destination in stages:
        raise InvalidInput("destinationStageId", "Deals go to a stage of another pipeline.")
    held_stages = select(Stage.id).where(Stage.id.in_(stages)).with_for_update(key_share=True)
    await work.session.execute(held_stages.order_by(Stage.id))
    await work.session.execute(
        update(Stage).where(Stage.id.in_(stages)).values(archived_at=work.now),
        execution_options={"synchronize_session": False},
    )
    await _empty(work, stages, order.destination, f"pipeline_archived: {pipeline.name}")
    pipeline.archived_at = work.now
    pipeline.version += 1
    return pipeline.id


async def _empty(work: UnitOfWork, stages: list[UUID], destination: UUID | None, cause: str) -> None:
    deals = await deals_in(work, stages, MOST_MOVED)
    if not deals:
        return
    if destination is None:
        count = select(func.count()).select_from(Deal).where(Deal.stage_id.in_(stages))
        raise StageHasDeals(int(await work.session.scalar(count) or 0))
    if len(deals) > MOST_MOVED:
        raise TooManyDeals(MOST_MOVED)
    await move_all(work, deals, await open_stage(work, destination, "destinationStageId"), cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """A pipeline that comes back into use."""

    id: UUID
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def restore_pipeline(work: UnitOfWork, order: Restoring) -> UUID:
    """Use a pipeline again, with the stages it had when it was archived. Raises NotFound, NameTaken."""
    pipeline = await locked_pipeline(work, order.id, order.expected_version)
    if pipeline.archived_at is None:
        return pipeline.id
    taken = select(Pipeline.id).where(Pipeline.name == pipeline.name, Pipeline.archived_at.is_(None))
    if await work.session.scalar(taken) is not None:
        raise NameTaken(pipeline.name)
    await work.session.execute(
        update(Stage)
        .where(Stage.pipeline_id == pipeline.id, Stage.archived_at == pipeline.archived_at)
        .values(archived_at=None),
        execution_options={"synchronize_session": False},
    )
    pipeline.archived_at = None
    pipeline.version += 1
    return pipeline.id
