"""Types that other subgraphs own, known here by their key, and what deals adds to them."""

from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.deals.queries import lists
from services.deals.schema.lists import DealFilter, DealOrder, deals_page
from services.deals.schema.timeline import Kinds, TimelineEntry, timeline_page

if TYPE_CHECKING:
    from services.deals.schema.deals import DealType

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
_FILTER = strawberry.argument(name="filter", description="Which ones; all without it.")
_ORDER = strawberry.argument(description="In which order; newest first without it.")


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A collaborator of your organization."
)
class Collaborator:
    """Owned by contacts."""

    id: strawberry.ID = strawberry.field(description="TypeID, `collaborator_…`.")

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The stub of an id, if there is one."""
        return None if id is None else cls(id=strawberry.ID(format_id("collaborator", id)))


@strawberry.federation.type(keys=["id"], description="A natural person whom your firm knows.")
class Contact:
    """Owned by contacts."""

    id: strawberry.ID = strawberry.field(description="TypeID, `contact_…`.")

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The stub of an id, if there is one."""
        return None if id is None else cls(id=strawberry.ID(format_id("contact", id)))

    @strawberry.field(description="Deals of which they are the primary contact or a participant.")
    async def deals(
        self,
        info: Info,
        filter_: Annotated[DealFilter | None, _FILTER] = None,
        order_by: Annotated[list[DealOrder] | None, _ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Deal]:
        """Newest first."""
        mine = lists.of_contact(parse_id("contact", self.id))
        return await deals_page(info, filter_, order_by, (first, after, last, before), mine)

    @strawberry.field(description="What happened with them, newest first.")
    async def timeline(
        self,
        info: Info,
        kinds: Kinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TimelineEntry]:
        """Events, notifications and alerts in one order."""
        return await timeline_page(info, parse_id("contact", self.id), kinds, (first, after, last, before))


@strawberry.federation.type(keys=["id"], description="The file of a company.")
class Account:
    """Owned by contacts."""

    id: strawberry.ID = strawberry.field(description="TypeID, `account_…`.")

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The stub of an id, if there is one."""
        return None if id is None else cls(id=strawberry.ID(format_id("account", id)))

    @strawberry.field(description="Deals with this company.")
    async def deals(
        self,
        info: Info,
        filter_: Annotated[DealFilter | None, _FILTER] = None,
        order_by: Annotated[list[DealOrder] | None, _ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Deal]:
        """Newest first."""
        mine = lists.of_account(parse_id("account", self.id))
        return await deals_page(info, filter_, order_by, (first, after, last, before), mine)

    @strawberry.field(description="What happened with this company, newest first.")
    async def timeline(
        self,
        info: Info,
        kinds: Kinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TimelineEntry]:
        """Events, notifications and alerts in one order."""
        return await timeline_page(info, parse_id("account", self.id), kinds, (first, after, last, before))
