"""Facts, and the timelines on which facts, events and alerts stand in one order."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import Connection, Edge, Order
from chassis.graphql.context import Info
from chassis.graphql.listing import Listing
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.queries import batches, lists
from services.deals.schema.enums import TimelineKind
from services.deals.values.references import ids

if TYPE_CHECKING:
    from services.deals.schema.alerts import AlertType
    from services.deals.schema.comments import CommentType
    from services.deals.schema.deals import DealType
    from services.deals.schema.events import EventType
    from services.deals.schema.messages import MessageType
    from services.deals.schema.stubs import Account, Collaborator, Contact

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
Event = Annotated["EventType", strawberry.lazy("services.deals.schema.events")]
Alert = Annotated["AlertType", strawberry.lazy("services.deals.schema.alerts")]
Comment = Annotated["CommentType", strawberry.lazy("services.deals.schema.comments")]
Message = Annotated["MessageType", strawberry.lazy("services.deals.schema.messages")]
CollaboratorStub = Annotated["Collaborator", strawberry.lazy("services.deals.schema.stubs")]
AccountStub = Annotated["Account", strawberry.lazy("services.deals.schema.stubs")]
ContactStub = Annotated["Contact", strawberry.lazy("services.deals.schema.stubs")]
Kinds = Annotated[
    list[TimelineKind] | None, strawberry.argument(description="Only these kinds of entries; all without it.")
]
People = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="Only what these collaborators wrote or did; everything without it."),
]
_COLUMNS = model.TimelineEntry.__table__.c
_NEWEST = [Order(_COLUMNS.at, descending=True), Order(_COLUMNS.entry_id, descending=True)]


@strawberry.type(description="What one field was, and what it became. Ids are TypeIDs, moments ISO 8601.")
class Change:
    """Part of a Notification."""

    field: str = strawberry.field(description="Name of the field.")
    before: str | None = strawberry.field(description="What it was; null where there was nothing.")
    after: str | None = strawberry.field(description="What it became; null where there is nothing any more.")


@strawberry.federation.type(
    name="Notification",
    keys=["id"],
    description="A fact in the life of a deal or contact, written by the system for ever; it awaits no reaction.",
)
class NotificationType:
    """See model.Notification."""

    facts: strawberry.Private[list[Row[Any]]]
    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `notification_…`.")
    kind: str = strawberry.field(description="What happened: `deal_created`, `stage_changed`, `event_cancelled`…")
    at: datetime = strawberry.field(description="When it happened; the first time, where it is several.")
    cause: str = strawberry.field(
        description="What brought it about: `mutation updateDeal`, `message …`, `sweep`, `page of quotes`, `calendar`."
    )
    last_at: datetime = strawberry.field(description="When the same person last did the same within minutes.")
    times: int = strawberry.field(description="How many facts of the same person are shown as this one.")

    @classmethod
    def of(cls, row: Row[Any], others: Sequence[Row[Any]] = ()) -> Self:
        """The node of a row, and of those that are shown with it, oldest first."""
        return cls(
            row=row,
            facts=[row, *others],
            id=strawberry.ID(format_id("notification", row.id)),
            kind=row.kind,
            at=row.at,
            cause=row.cause,
            last_at=others[-1].at if others else row.at,
            times=1 + len(others),
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await info.context.load(batches.notifications, parse_id("notification", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="What changed: what each field was at first, and what it became at last.")
    def changes(self) -> list[Change]:
        """One for each field."""
        first: dict[str, str | None] = {}
        last: dict[str, str | None] = {}
        for fact in self.facts:
            for name, (before, after) in fact.details.items():
                first.setdefault(name, before)
                last[name] = after
        return [Change(field=name, before=first[name], after=last[name]) for name in first]

    @strawberry.field(description="The fact that stands for this one on timelines: itself, or the first of its burst.")
    def shown_as(self) -> strawberry.ID:
        """Its TypeID."""
        return strawberry.ID(format_id("notification", self.row.head_id or self.row.id))

    @strawberry.field(description="Who did it; null where it was the system.")
    def actor(self) -> CollaboratorStub | None:
        """A stub."""
        from services.deals.schema.stubs import Collaborator

        return Collaborator.of(self.row.actor_id)

    @strawberry.field(description="The deal it is about, if it is about one.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The contact it is about.")
    def contact(self) -> ContactStub | None:
        """A stub."""
        from services.deals.schema.stubs import Contact

        return Contact.of(self.row.contact_id)

    @strawberry.field(description="The account it is about.")
    def account(self) -> AccountStub | None:
        """A stub."""
        from services.deals.schema.stubs import Account

        return Account.of(self.row.account_id)


TimelineEntry = Annotated[
    Event | NotificationType | Alert | Comment | Message,
    strawberry.union("TimelineEntry", description="What stands on a timeline."),
]


async def timeline_page(
    info: Info,
    subject: UUID,
    kinds: list[TimelineKind] | None,
    people: list[strawberry.ID] | None,
    ends: tuple[int | None, str | None, int | None, str | None],
) -> Connection[TimelineEntry]:
    """A page of one subject's timeline, newest first. Raises InvalidInput."""
    who = ids("collaborator", [str(one) for one in people or []], "people")
    chosen = lists.of_timeline(info.context.actor.organization, [kind.value for kind in kinds or []], who)
    entries: Listing[Row[Any]] = Listing(
        lists.TIMELINE.where(*chosen), _COLUMNS.entry_id, lambda row: row, default=_NEWEST
    )
    places = await entries.page_within(info, lists.SUBJECT, subject, None, None, ends)
    nodes = await asyncio.gather(*(_entry(info, edge.node) for edge in places.edges))
    # What stood here of a deal that is no longer with this contact, and that the caller does not see, is left out.
    seen = [(node, edge) for node, edge in zip(nodes, places.edges, strict=True) if node is not None]
    edges = [Edge(node=node, cursor=edge.cursor) for node, edge in seen]
    return Connection(edges=edges, page_info=places.page_info, counter=places.counter)


async def _entry(info: Info, place: Row[Any]) -> Any:
    from services.deals.schema.alerts import AlertType
    from services.deals.schema.comments import CommentType
    from services.deals.schema.events import EventType
    from services.deals.schema.messages import MessageType

    async def found(kind: Any, batch: Any) -> Any:
        row = await info.context.load(batch, place.entry_id)
        return None if row is None else kind.of(row)

    match TimelineKind(place.kind):
        case TimelineKind.EVENT:
            return await found(EventType, batches.events)
        case TimelineKind.NOTIFICATION:
            row, others = await asyncio.gather(
                info.context.load(batches.notifications, place.entry_id),
                info.context.load(batches.facts_of_burst, place.entry_id),
            )
            return None if row is None else NotificationType.of(row, others)
        case TimelineKind.COMMENT:
            return await found(CommentType, batches.comments)
        case TimelineKind.MESSAGE:
            return await found(MessageType, batches.messages)
        case TimelineKind.ALERT:
            return await found(AlertType, batches.alerts)
