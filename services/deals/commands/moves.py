"""Deals from stage to stage."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.deals import changed
from services.deals.commands.locking import locked
from services.deals.commands.stages import check_exit, enter, open_stage
from services.deals.errors import DealNotOpen
from services.deals.model import Deal, Pipeline, Stage
from services.deals.states import deal as phases
from services.deals.states.deal import Phase
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove:
    """Where a deal goes, in its pipeline or, where the caller says so, in another."""

    id: UUID
    stage: UUID
    expected_version: int | None
    accept_warnings: bool = False
    elsewhere: bool = False
    references: tuple[Reference, ...] = ()


async def move_deal_to_stage(work: UnitOfWork, order: StageMove) -> UUID:
    """Move an open deal; only forwards does it need what its stage requires.

    Raises NotFound, VersionConflict, DealNotOpen, StageArchived, CriteriaNotMet, InvalidInput.
    """
    deal = await locked(work, Deal, order.id, version=order.expected_version)
    if Phase(deal.phase) not in phases.OPEN:
        raise DealNotOpen(deal.phase)
    if order.stage == deal.stage_id:
        return deal.id
    stage = await open_stage(work, order.stage)
    if (stage.pipeline_id != deal.pipeline_id) is not order.elsewhere:
        told = "the deal's own pipeline" if order.elsewhere else "another pipeline than the deal's"
        raise InvalidInput("stageId", f"This stage belongs to {told}.")
    before = await work.session.get_one(Stage, deal.stage_id)
    changes: dict[str, tuple[Any, Any]] = {"stage": (before.name, stage.name)}
    if order.elsewhere:
        changes["pipeline"] = await _names(work, before, stage)
    elif stage.position > before.position and (
        without := await check_exit(work, deal, before, warned=order.accept_warnings)
    ):
        changes["without"] = (None, without)
    await enter(work, deal, stage)
    kind = "pipeline_changed" if order.elsewhere else "stage_changed"
    await changed(work, deal, kind, changes, left=before.pipeline_id)
    await close_what_is_over(work, deal.id)
    return deal.id


async def _names(work: UnitOfWork, before: Stage, after: Stage) -> tuple[str, str]:
    pipelines = [await work.session.get_one(Pipeline, stage.pipeline_id) for stage in (before, after)]
    return pipelines[0].name, pipelines[1].name


async def move_all(work: UnitOfWork, deals: list[Deal], stage: Stage, cause: str) -> None:
    """Put locked deals, open or not, into a stage that is held: theirs is about to go, and `cause` says why."""
    for deal in deals:
        before = await work.session.get_one(Stage, deal.stage_id)
        await enter(work, deal, stage)
        changes = {"stage": (before.name, stage.name), "cause": (None, cause)}
        await changed(work, deal, "stage_changed", changes, left=before.pipeline_id)
