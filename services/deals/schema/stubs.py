"""Types that other subgraphs own, known here by their key, and what deals adds to them."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Self
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement
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


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A set of collaborators of your organization."
)
class Team:
    """Owned by contacts."""

    id: strawberry.ID = strawberry.field(description="TypeID, `team_…`.")

    @classmethod
    def of(cls, id: UUID) -> Self:
        """The stub of an id."""
        return cls(id=strawberry.ID(format_id("team", id)))


@strawberry.type
class Party:
    """What deals adds to a contact and to an account alike."""

    id: strawberry.ID = strawberry.field(description="Its TypeID.")
    kind: ClassVar[str]

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The stub of an id, if there is one."""
        return None if id is None else cls(id=strawberry.ID(format_id(cls.kind, id)))

    @classmethod
    def its_deals(cls, id: UUID) -> ColumnElement[bool]:
        """The condition that a deal is one of its."""
        raise NotImplementedError

    @strawberry.field(description="Its deals: a contact's are those it is the primary contact or a participant of.")
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
        mine = self.its_deals(parse_id(self.kind, self.id))
        return await deals_page(info, filter_, order_by, (first, after, last, before), mine)

    @strawberry.field(description="What happened with it, newest first.")
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
        return await timeline_page(info, parse_id(self.kind, self.id), kinds, (first, after, last, before))


@strawberry.federation.type(keys=["id"], description="A natural person whom your firm knows.")
class Contact(Party):
    """Owned by contacts."""

    kind: ClassVar[str] = "contact"
    id: strawberry.ID = strawberry.field(description="TypeID, `contact_…`.")

    @classmethod
    def its_deals(cls, id: UUID) -> ColumnElement[bool]:
        """As primary contact or participant."""
        return lists.of_contact(id)


@strawberry.federation.type(keys=["id"], description="The file of a company.")
class Account(Party):
    """Owned by contacts."""

    kind: ClassVar[str] = "account"
    id: strawberry.ID = strawberry.field(description="TypeID, `account_…`.")

    @classmethod
    def its_deals(cls, id: UUID) -> ColumnElement[bool]:
        """With this company."""
        return lists.of_account(id)
