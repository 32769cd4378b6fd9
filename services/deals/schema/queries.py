"""The root of reading."""

from typing import Annotated

import strawberry

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.identifiers import parse_id
from services.deals.commands.pipelines import ensure_default_pipeline
from services.deals.queries import lists
from services.deals.schema.alerts import AlertType
from services.deals.schema.deals import DealType
from services.deals.schema.events import EventType
from services.deals.schema.lists import AlertFilter, DealFilter, DealOrder, alerts_page, deals_page
from services.deals.schema.pipelines import PipelineType
from services.deals.schema.rights import reading

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
_FILTER = strawberry.argument(name="filter", description="Which ones; all without it.")
_ORDER = strawberry.argument(description="In which order; newest first without it.")


@strawberry.type(description="Everything that can be read.")
class Query:
    """Fields of the deals subgraph."""

    @strawberry.field(description="One deal; null if there is none.", extensions=reading())
    async def deal(self, info: Info, id: Id) -> DealType | None:
        """By id."""
        return await DealType.load(info, parse_id("deal", id))

    @strawberry.field(description="One event; null if there is none.", extensions=reading())
    async def event(self, info: Info, id: Id) -> EventType | None:
        """By id."""
        return await EventType.load(info, parse_id("event", id))

    @strawberry.field(description="One alert; null if there is none.", extensions=reading())
    async def alert(self, info: Info, id: Id) -> AlertType | None:
        """By id."""
        return await AlertType.load(info, parse_id("alert", id))

    @strawberry.field(description="Deals of your organization.", extensions=reading())
    async def deals(
        self,
        info: Info,
        filter_: Annotated[DealFilter | None, _FILTER] = None,
        order_by: Annotated[list[DealOrder] | None, _ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[DealType]:
        """Newest first unless ordered otherwise."""
        return await deals_page(info, filter_, order_by, (first, after, last, before))

    @strawberry.field(description="Alerts of your organization, newest first.", extensions=reading())
    async def alerts(
        self,
        info: Info,
        filter_: Annotated[AlertFilter | None, _FILTER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AlertType]:
        """Open and ended ones."""
        return await alerts_page(info, filter_, (first, after, last, before))

    @strawberry.field(description="Your organization's pipelines, the default one first.", extensions=reading())
    async def pipelines(self, info: Info) -> list[PipelineType]:
        """An organization that deals has yet to hear of gets its pipeline now."""
        rows = await info.context.read.rows(lists.pipelines())
        if not rows:
            async with info.context.unit_of_work() as work:
                await ensure_default_pipeline(work)
            rows = await info.context.read.rows(lists.pipelines())
        return [PipelineType.of(row) for row in rows]
