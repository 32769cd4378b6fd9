"""The board of a pipeline, and how the pipeline does."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, Row

from chassis.errors import InvalidInput, NotFound
from chassis.graphql.connections import Connection, Paging, pages
from chassis.graphql.context import Info
from chassis.graphql.ordering import orders
from chassis.identifiers import parse_id
from services.deals.model import Deal
from services.deals.queries import board as queries
from services.deals.queries import metrics
from services.deals.queries.metrics import Period
from services.deals.schema.custom_values import KNOWN_FIELDS
from services.deals.schema.deals import DealType
from services.deals.schema.lists import DEAL_COLUMNS, NEWEST_DEAL, DealFilter, DealOrder, on_deals
from services.deals.schema.pipelines import PipelineType, StageType
from services.deals.states import deal as phases
from services.deals.values.moments import moment
from services.deals.values.money import shown
from services.deals.values.stages import MOST_STAGES

LONGEST_PERIOD = timedelta(days=3_660)


@strawberry.type(description="What deals are worth together, in one currency.")
class MoneySum:
    """Part of a column or a month."""

    currency: str = strawberry.field(description="ISO 4217.")
    count: int = strawberry.field(description="How many deals.")
    total: Decimal = strawberry.field(description="The sum of their amounts, exactly.")
    weighted: Decimal = strawberry.field(description="The same, each by the probability of its stage.")

    @classmethod
    def of(cls, row: Row[Any]) -> "MoneySum":
        """The sum of a row of `currency, count, total, weighted`."""
        total, weighted = (shown(value, row.currency) for value in (row.total, row.weighted))
        return cls(currency=row.currency, count=row._mapping["count"], total=total, weighted=weighted)


@strawberry.type(description="A stage, and the deals that stand in it.")
class BoardColumn:
    """Part of a Board."""

    stage: StageType = strawberry.field(description="The stage.")
    count: int = strawberry.field(description="How many deals there are, those without an amount included.")
    sums: list[MoneySum] = strawberry.field(description="What they are worth, one for each currency.")
    deals: Connection[DealType] = strawberry.field(description="A page of them.")


@strawberry.type(description="A pipeline at a glance.")
class Board:
    """See board."""

    pipeline: PipelineType = strawberry.field(description="The pipeline.")
    columns: list[BoardColumn] = strawberry.field(description="One for each stage in use, in order.")


@strawberry.input(description="From where a column goes on.")
class ColumnCursor:
    """See board."""

    stage_id: strawberry.ID = strawberry.field(description="The column's stage.")
    after: str = strawberry.field(description="The `endCursor` of its last page, read in the same order.")


async def board(
    info: Info,
    pipeline: strawberry.ID,
    condition: DealFilter | None,
    order: list[DealOrder] | None,
    first: int | None,
    after: Sequence[ColumnCursor],
) -> Board:
    """Four statements, however many columns and deals. Raises NotFound, InvalidInput, InvalidId."""
    id = parse_id("pipeline", pipeline, "pipelineId")
    if len(after) > MOST_STAGES:
        raise InvalidInput("after", f"At most {MOST_STAGES} columns.")
    await KNOWN_FIELDS(info, condition, order)
    clauses = _of_board(id, condition)
    found = await PipelineType.resolve_reference(info, pipeline)
    if found is None:
        raise NotFound("pipeline", id, "pipelineId")
    stages = await info.context.read.rows(queries.columns(id))
    sums = await info.context.read.rows(queries.sums(clauses))
    keys = orders(order, DEAL_COLUMNS, Deal.__table__.c.id) if order else NEWEST_DEAL
    listed = await pages(
        info.context.read,
        queries.deals(clauses),
        Deal.__table__.c.stage_id,
        [stage.id for stage in stages],
        keys,
        Paging.parse(first, None, None, None),
        DealType.of,
        cursors={parse_id("stage", one.stage_id, "after.stageId"): one.after for one in after},
    )
    return Board(pipeline=found, columns=_columns(stages, sums, listed))


def _of_board(pipeline: Any, condition: DealFilter | None) -> list[ColumnElement[bool]]:
    """Open deals, unless the filter names phases."""
    told = [Deal.__table__.c.pipeline_id == pipeline, *on_deals(condition)]
    if not condition or not condition.phase:
        told.append(Deal.__table__.c.phase.in_(sorted(phases.OPEN)))
    return told


def _columns(
    stages: Sequence[Row[Any]], sums: Sequence[Row[Any]], listed: Sequence[Connection[DealType]]
) -> list[BoardColumn]:
    by_stage: defaultdict[Any, list[Row[Any]]] = defaultdict(list)
    for row in sums:
        by_stage[row.stage_id].append(row)
    return [
        BoardColumn(
            stage=StageType.of(stage),
            count=sum(row._mapping["count"] for row in by_stage[stage.id]),
            sums=[MoneySum.of(row) for row in by_stage[stage.id] if row.currency is not None],
            deals=page,
        )
        for stage, page in zip(stages, listed, strict=True)
    ]


@strawberry.type(description="How a stage does in a period.")
class StageMetrics:
    """See queries.metrics.stages."""

    stage: StageType = strawberry.field(description="The stage.")
    entered: int = strawberry.field(description="Deals that came to it in the period.")
    converted: int = strawberry.field(description="Those of them that went on to a later stage, or were signed.")
    conversion_rate: float | None = strawberry.field(description="converted / entered; null where none came.")
    average_days: float | None = strawberry.field(description="Mean length of the stays that ended in the period.")
    median_days: float | None = strawberry.field(description="Median of the same.")


@strawberry.type(description="How a pipeline does in a period.")
class PipelineMetrics:
    """See queries.metrics."""

    won: int = strawberry.field(description="Deals signed in the period.")
    lost: int = strawberry.field(description="Deals lost in the period that had not been signed.")
    win_rate: float | None = strawberry.field(description="won / (won + lost); null where there is neither.")
    average_days_to_win: float | None = strawberry.field(description="Mean days from a deal's beginning to signing.")
    stages: list[StageMetrics] = strawberry.field(description="One for each stage in use, in order.")


async def pipeline_metrics(info: Info, pipeline: strawberry.ID, begins: datetime, ends: datetime) -> PipelineMetrics:
    """Three statements. Raises InvalidInput, InvalidId."""
    id = parse_id("pipeline", pipeline, "pipelineId")
    period = Period(moment("from", begins), moment("to", ends))
    if not timedelta() < period.ends - period.begins <= LONGEST_PERIOD:
        raise InvalidInput("to", f"A period ends after it begins, and lasts at most {LONGEST_PERIOD.days} days.")
    (outcome,) = await info.context.read.rows(metrics.outcomes(id, period))
    rows = await info.context.read.rows(metrics.stages(id, period))
    return PipelineMetrics(
        won=outcome.won,
        lost=outcome.lost,
        win_rate=_rate(outcome.won, outcome.won + outcome.lost),
        average_days_to_win=_number(outcome.days_to_win),
        stages=[_stage_metrics(row) for row in rows],
    )


def _stage_metrics(row: Row[Any]) -> StageMetrics:
    return StageMetrics(
        stage=StageType.of(row),
        entered=row.entered,
        converted=row.converted,
        conversion_rate=_rate(row.converted, row.entered),
        average_days=_number(row.average_days),
        median_days=_number(row.median_days),
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


@strawberry.type(description="What should be won in a month.")
class ForecastMonth:
    """See queries.metrics.forecast."""

    month: date | None = strawberry.field(description="Its first day; null for deals without an expected close.")
    sums: list[MoneySum] = strawberry.field(description="One for each currency.")


async def forecast(info: Info, condition: DealFilter | None) -> list[ForecastMonth]:
    """One statement. Raises InvalidInput, InvalidId."""
    await KNOWN_FIELDS(info, condition, None)
    rows = await info.context.read.rows(metrics.forecast(on_deals(condition)))
    months: dict[date | None, list[MoneySum]] = {}
    for row in rows:
        months.setdefault(row.month and row.month.date(), []).append(MoneySum.of(row))
    return [ForecastMonth(month=month, sums=sums) for month, sums in months.items()]


PipelineId = Annotated[strawberry.ID, strawberry.argument(description="The pipeline.")]
After = Annotated[
    list[ColumnCursor] | None, strawberry.argument(description="From where columns go on; the others begin.")
]
Ends = Annotated[datetime, strawberry.argument(name="to", description="Before when, with its offset.")]
Begins = Annotated[datetime, strawberry.argument(name="from", description="From when on, with its offset.")]
_FILTER = strawberry.argument(name="filter", description="Which deals; open ones where no phase is named.")
Which = Annotated[DealFilter | None, _FILTER]
InOrder = Annotated[list[DealOrder] | None, strawberry.argument(description="In which order; newest first without it.")]
