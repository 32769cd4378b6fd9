"""Boards and figures, at the root of reading."""

import strawberry

from chassis.graphql.connections import First
from chassis.graphql.context import Info
from services.deals.schema import boards
from services.deals.schema.rights import reading


@strawberry.type
class BoardQuery:
    """Part of the root of reading."""

    @strawberry.field(description="A pipeline's columns with their counts, sums and deals.", extensions=reading())
    async def board(
        self,
        info: Info,
        pipeline_id: boards.PipelineId,
        filter_: boards.Which = None,
        order_by: boards.InOrder = None,
        first: First = None,
        after: boards.After = None,
    ) -> boards.Board:
        """The same few statements, whatever is on it."""
        return await boards.board(info, pipeline_id, filter_, order_by, first, after or [])

    @strawberry.field(description="Conversion, win rate and time in stage.", extensions=reading())
    async def pipeline_metrics(
        self, info: Info, pipeline_id: boards.PipelineId, begins: boards.Begins, ends: boards.Ends
    ) -> boards.PipelineMetrics:
        """In a period."""
        return await boards.pipeline_metrics(info, pipeline_id, begins, ends)

    @strawberry.field(
        description="What open deals should bring, by month of expected close and currency.", extensions=reading()
    )
    async def forecast(self, info: Info, filter_: boards.Which = None) -> list[boards.ForecastMonth]:
        """Weighted by the probability of the stages."""
        return await boards.forecast(info, filter_)
