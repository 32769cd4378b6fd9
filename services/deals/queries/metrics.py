"""How a pipeline does: conversion, win rate, time in stage, forecast. Each is one statement over its deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from services.deals.model import Deal, Stage, StageVisit
from services.deals.states import deal as phases

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment until before another."""

    begins: datetime
    ends: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        """Whether a moment lies within."""
        return and_(column >= self.begins, column < self.ends)


def stages(pipeline: UUID, period: Period) -> Select[*tuple[Any, ...]]:
    """For each stage in use: `entered` deals of the period, how many `converted`, and days that stays took.

    A deal converts when it comes to a later stage of the pipeline after it entered, or is signed. Days are of the
    stays that ended in the period: `average_days`, `median_days`, null where none did.
    """
    return (
        select(Stage.__table__, *_entries(period), *_times(period))
        .where(Stage.pipeline_id == pipeline, Stage.archived_at.is_(None))
        .order_by(Stage.position)
    )


def _entries(period: Period) -> list[ColumnElement[Any]]:
    visit, later, reached = aliased(StageVisit), aliased(StageVisit), aliased(Stage)
    went_on = (
        exists()
        .where(later.deal_id == visit.deal_id, later.entered_at >= visit.entered_at, later.stage_id == reached.id)
        .where(reached.pipeline_id == Stage.pipeline_id, reached.position > Stage.position)
        .correlate(visit, Stage)
    )
    signed = exists().where(Deal.id == visit.deal_id, Deal.signed_at >= visit.entered_at).correlate(visit)
    entered = func.count(visit.deal_id.distinct())
    converted = func.count(case((or_(went_on, signed), visit.deal_id)).distinct())
    mine = (visit.stage_id == Stage.id) & period.holds(visit.entered_at)
    return [
        select(count).where(mine).correlate(Stage).scalar_subquery().label(name)
        for name, count in (("entered", entered), ("converted", converted))
    ]


def _times(period: Period) -> list[ColumnElement[Any]]:
    visit = aliased(StageVisit)
    days = func.extract("epoch", visit.left_at - visit.entered_at) / _DAY_SECONDS
    mine = (visit.stage_id == Stage.id) & period.holds(visit.left_at)
    figures = (("average_days", func.avg(days)), ("median_days", func.percentile_cont(0.5).within_group(days)))
    return [select(figure).where(mine).correlate(Stage).scalar_subquery().label(name) for name, figure in figures]


def outcomes(pipeline: UUID, period: Period) -> Select[*tuple[Any, ...]]:
    """`won` and `lost` in the period, and `days_to_win` on average. A deal lost after it was signed was won."""
    won = period.holds(Deal.signed_at)
    lost = and_(period.holds(Deal.lost_at), Deal.signed_at.is_(None))
    days = func.extract("epoch", Deal.signed_at - Deal.created_at) / _DAY_SECONDS
    return select(
        func.count().filter(won).label("won"),
        func.count().filter(lost).label("lost"),
        func.avg(days).filter(won).label("days_to_win"),
    ).where(Deal.pipeline_id == pipeline, or_(won, lost))


def forecast(clauses: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """`month, currency, count, total, weighted` of the open deals with an amount, by month of expected close.

    Deals without an expected close are of no month. `weighted` is by the stage's probability.
    """
    month = func.date_trunc("month", Deal.expected_close).label("month")
    return (
        select(
            month,
            Deal.currency,
            func.count().label("count"),
            func.sum(Deal.amount).label("total"),
            func.sum(Deal.amount * Stage.probability / 100).label("weighted"),
        )
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Deal.phase.in_(sorted(phases.OPEN)), Deal.amount.is_not(None), *clauses)
        .group_by(month, Deal.currency)
        .order_by(month.nulls_last(), Deal.currency)
    )
