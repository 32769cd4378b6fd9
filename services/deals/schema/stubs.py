"""Types that other subgraphs own, known here by their key, and what deals adds to them."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.graphql.listing import Within, list_field
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.queries import billing, lists
from services.deals.schema.lists import DealFilter, DealOrder
from services.deals.schema.timeline import Kinds, People, TimelineEntry, timeline_page

if TYPE_CHECKING:
    from services.deals.schema.contracts import BillingType
    from services.deals.schema.deals import DealType

Billing = Annotated["BillingType", strawberry.lazy("services.deals.schema.contracts")]
Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]


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
    sums: ClassVar[billing.Sums]

    @classmethod
    def of(cls, id: UUID | None) -> Self | None:
        """The stub of an id, if there is one."""
        return None if id is None else cls(id=strawberry.ID(format_id(cls.kind, id)))

    @strawberry.field(description="What its contracts and invoices come to, by currency.")
    async def billing(self, info: Info) -> list[Billing]:
        """One statement for all the parties of an answer."""
        from services.deals.schema.contracts import BillingType

        rows = await info.context.load(type(self).sums, _key(self))
        return [BillingType.of(row) for row in rows]

    @strawberry.field(description="What happened with it, newest first.")
    async def timeline(
        self,
        info: Info,
        kinds: Kinds = None,
        people: People = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TimelineEntry]:
        """Events, notifications and alerts in one order."""
        return await timeline_page(info, parse_id(self.kind, self.id), kinds, people, (first, after, last, before))


def _key(party: Party) -> UUID:
    return parse_id(party.kind, party.id)


def _deals(description: str, within: Within) -> Any:
    return list_field(
        lambda: import_module("services.deals.schema.deals").DEALS,
        Deal,
        filter=DealFilter,
        order=DealOrder,
        newest_first=True,
        within=within,
        description=description,
    )


@strawberry.federation.type(keys=["id"], description="A natural person whom your firm knows.")
class Contact(Party):
    """Owned by contacts."""

    kind: ClassVar[str] = "contact"
    sums: ClassVar[billing.Sums] = staticmethod(billing.billing_of_contact)
    id: strawberry.ID = strawberry.field(description="TypeID, `contact_…`.")
    deals = _deals(
        "The deals it is the primary contact or a participant of.",
        Within(lists.CONTACT_OF_DEAL, _key, lists.DEALS_OF_CONTACTS),
    )


@strawberry.federation.type(keys=["id"], description="The file of a company.")
class Account(Party):
    """Owned by contacts."""

    kind: ClassVar[str] = "account"
    sums: ClassVar[billing.Sums] = staticmethod(billing.billing_of_account)
    id: strawberry.ID = strawberry.field(description="TypeID, `account_…`.")
    deals = _deals("The deals with this company.", Within(model.Deal.account_id, _key))
