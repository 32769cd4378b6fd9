"""The board of a pipeline: what stands in each column."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from services.deals.model import Deal, Stage, StageVisit


def columns(pipeline: UUID) -> Select[*tuple[Any, ...]]:
    """The pipeline's stages in use, in order."""
    return (
        select(Stage.__table__)
        .where(Stage.pipeline_id == pipeline, Stage.archived_at.is_(None))
        .order_by(Stage.position)
    )


def sums(clauses: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """`stage_id, currency, count, total, weighted` of the deals that fulfil the conditions.

    Deals without an amount are of no currency. `weighted` is by the stage's probability.
    """
    return (
        select(
            Deal.stage_id,
            Deal.currency,
            func.count().label("count"),
            func.sum(Deal.amount).label("total"),
            func.sum(Deal.amount * Stage.probability / 100).label("weighted"),
        )
        .join(Stage, Stage.id == Deal.stage_id)
        .where(*clauses)
        .group_by(Deal.stage_id, Deal.currency)
        .order_by(Deal.stage_id, Deal.currency)
    )


def deals(clauses: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """The deals of the columns."""
    return select(Deal.__table__).where(*clauses)


def stays(deal: UUID) -> Select[*tuple[Any, ...]]:
    """A deal's stays in stages, oldest first."""
    return select(StageVisit.__table__).where(StageVisit.deal_id == deal).order_by(StageVisit.entered_at, StageVisit.id)
