"""The root of reading."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.listing import list_field
from chassis.identifiers import parse_id
from services.deals.commands.pipelines import ensure_default_pipeline
from services.deals.queries import lists
from services.deals.schema.aggregates import AggregateQueries
from services.deals.schema.alerts import ALERTS, AlertType
from services.deals.schema.board_queries import BoardQuery
from services.deals.schema.comments import CommentType
from services.deals.schema.deals import DEALS, DealType
from services.deals.schema.events import EventType
from services.deals.schema.following_mutations import FollowingQuery
from services.deals.schema.lists import AlertFilter, AlertOrder, DealFilter, DealOrder
from services.deals.schema.messages import MessageQuery
from services.deals.schema.my_day import MyDayQuery
from services.deals.schema.pipelines import PipelineType
from services.deals.schema.quote_queries import QuoteQuery
from services.deals.schema.rights import reading

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="Everything that can be read.")
class Query(MessageQuery, BoardQuery, AggregateQueries, FollowingQuery, QuoteQuery, MyDayQuery):
    """Fields of the deals subgraph."""

    @strawberry.field(description="One deal; null if there is none.", extensions=reading())
    async def deal(self, info: Info, id: Id) -> DealType | None:
        """By id."""
        return await DealType.load(info, parse_id("deal", id))

    @strawberry.field(description="One event; null if there is none.", extensions=reading())
    async def event(self, info: Info, id: Id) -> EventType | None:
        """By id."""
        return await EventType.load(info, parse_id("event", id))

    @strawberry.field(description="One comment; null if there is none.", extensions=reading())
    async def comment(self, info: Info, id: Id) -> CommentType | None:
        """By id."""
        return await CommentType.load(info, parse_id("comment", id))

    @strawberry.field(description="One alert; null if there is none.", extensions=reading())
    async def alert(self, info: Info, id: Id) -> AlertType | None:
        """By id."""
        return await AlertType.load(info, parse_id("alert", id))

    deals = list_field(
        lambda: DEALS,
        DealType,
        filter=DealFilter,
        order=DealOrder,
        newest_first=True,
        description="Deals of your organization.",
        extensions=reading(),
    )
    alerts = list_field(
        lambda: ALERTS,
        AlertType,
        filter=AlertFilter,
        order=AlertOrder,
        newest_first=True,
        description="Alerts of your organization, open and ended ones.",
        extensions=reading(),
    )

    @strawberry.field(description="Your organization's pipelines, the default one first.", extensions=reading())
    async def pipelines(
        self,
        info: Info,
        archived: Annotated[bool, strawberry.argument(description="Whether those out of use are told too.")] = False,
    ) -> list[PipelineType]:
        """An organization that deals has yet to hear of gets its pipeline now."""
        rows = await info.context.read.rows(lists.pipelines(archived=archived))
        if not rows:
            async with info.context.unit_of_work() as work:
                await ensure_default_pipeline(work)
            rows = await info.context.read.rows(lists.pipelines(archived=archived))
        return [PipelineType.of(row) for row in rows]
