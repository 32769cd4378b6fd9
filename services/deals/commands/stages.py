"""A deal in its stage: entering, leaving, and what it needs before it goes on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from services.deals.commands.pipelines import ensure_default_pipeline
from services.deals.errors import CriteriaNotMet, StageArchived
from services.deals.model import CustomField, Deal, Stage, StageVisit
from services.deals.queries.criteria import missing
from services.deals.values.stages import Criterion, Strictness, read_criteria


async def open_stage(work: UnitOfWork, id: UUID | None, field: str = "stageId") -> Stage:
    """A stage that takes deals, held against its removal; the default pipeline's first where none is asked for.

    Raises NotFound, StageArchived.
    """
    # populate_existing: a removal that this waited for must be seen.
    statement = select(Stage).order_by(Stage.position).limit(1).with_for_update(read=True)
    if id is None:
        pipeline = await ensure_default_pipeline(work)
        statement = statement.where(Stage.pipeline_id == pipeline, Stage.archived_at.is_(None))
    else:
        statement = statement.where(Stage.id == id)
    found = await work.session.scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("stage", id or "", field)
    if found.archived_at is not None:
        raise StageArchived(found.name, field)
    return found


async def begin_stay(work: UnitOfWork, deal: Deal) -> None:
    """Write down that a deal is in its stage from now on."""
    work.session.add(
        StageVisit(
            id=new_id(),
            organization_id=work.organization,
            deal_id=deal.id,
            stage_id=deal.stage_id,
            entered_at=deal.stage_entered_at,
            moved_by_id=work.actor.collaborator,
        )
    )


async def enter(work: UnitOfWork, deal: Deal, stage: Stage) -> None:
    """Put a locked deal into a stage that is held, its stay in the one before ended."""
    open_stay = (StageVisit.deal_id == deal.id) & StageVisit.left_at.is_(None)
    await work.session.execute(update(StageVisit).where(open_stay).values(left_at=work.now))
    deal.pipeline_id, deal.stage_id = stage.pipeline_id, stage.id
    deal.stage_entered_at, deal.close_pushes = work.now, []
    await work.session.flush()
    await begin_stay(work, deal)


async def check_exit(work: UnitOfWork, deal: Deal, left: Stage, *, warned: bool) -> list[str]:
    """What a deal leaves its stage without. Raises CriteriaNotMet; where `warned`, only for what blocks.

    Stages in between are not asked for: what they want was for whoever stays there.
    """
    criteria = read_criteria(left.criteria)
    absent = await missing(work.session.execute, deal.id) if criteria else set()
    unmet = [one for one in criteria if one.need in absent]
    if any(one.severity is Strictness.BLOCK for one in unmet) or (unmet and not warned):
        raise CriteriaNotMet(left.name, unmet)
    return [str(one.need) for one in unmet]


async def check_criteria(work: UnitOfWork, criteria: Sequence[Criterion] | None, field: str) -> None:
    """See that an organization has the fields of its own that a stage requires. Raises InvalidInput."""
    asked = {one.need.custom_field: place for place, one in enumerate(criteria or ()) if one.need.custom_field}
    if not asked:
        return
    kept = (CustomField.key.in_(asked), CustomField.deleted.is_(False), CustomField.archived_at.is_(None))
    there = set((await work.session.scalars(select(CustomField.key).where(*kept))).all())
    for key, place in asked.items():
        if key not in there:
            raise InvalidInput(f"{field}.{place}.customField", f"Deals have no field {key[:80]} that takes values.")


async def deals_in(work: UnitOfWork, stages: Sequence[UUID], most: int) -> list[Deal]:
    """The deals of stages, locked in the order of their ids; one more than `most` where there are more."""
    statement: Any = select(Deal).where(Deal.stage_id.in_(stages)).order_by(Deal.id).limit(most + 1)
    locked = statement.with_for_update(key_share=True)
    return list((await work.session.scalars(locked, execution_options={"populate_existing": True})).all())
