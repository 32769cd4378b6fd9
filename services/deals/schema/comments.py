"""Comments."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.entities import Entities, Statement
from chassis.graphql.listing import Listing
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.queries import batches
from services.deals.schema.stubs import Collaborator

if TYPE_CHECKING:
    from services.deals.schema.deals import DealType
    from services.deals.schema.events import EventType

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
Event = Annotated["EventType", strawberry.lazy("services.deals.schema.events")]


@strawberry.type(description="What a comment said until it was edited or deleted.")
class CommentRevision:
    """See model.CommentRevision."""

    version: int = strawberry.field(description="Of which version.")
    body: str = strawberry.field(description="What it said.")
    until: datetime = strawberry.field(description="Until when.")


@strawberry.federation.type(
    name="Comment", keys=["id"], description="What a collaborator says about a deal or an event."
)
class CommentType:
    """See model.Comment."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `comment_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    body: str = strawberry.field(description="What it says; empty once it was deleted.")
    created_at: datetime = strawberry.field(description="When it was written.")
    edited_at: datetime | None = strawberry.field(description="When it was last edited, if it was.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("comment", row.id)),
            version=row.version,
            body=row.body,
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The comment of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.comments, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await _ENTITIES.row(info, parse_id("comment", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="Who wrote it.")
    def author(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.author_id)

    @strawberry.field(description="Collaborators whom it names.")
    def mentions(self) -> list[Collaborator]:
        """Stubs."""
        return [one for id in self.row.mention_ids if (one := Collaborator.of(id)) is not None]

    @strawberry.field(description="What it said before, oldest first.")
    async def revisions(self, info: Info) -> list[CommentRevision]:
        """One statement for all the comments of an answer."""
        rows = await info.context.load(batches.revisions_of_comment, self.row.id)
        return [CommentRevision(version=row.version, body=row.body, until=row.until) for row in rows]

    @strawberry.field(description="The deal it is on, if it is on one.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType  # a deal lists its comments: the two know each other

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The event it is on, if it is on one.")
    async def event(self, info: Info) -> Event | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.events import EventType  # see deal

        return await EventType.load(info, self.row.event_id)


_STATEMENT: Statement = select(model.Comment.__table__)
_NEEDS: Needs = {
    "author": ("author_id",),
    "mentions": ("mention_ids",),
    "revisions": (),
    "deal": ("deal_id",),
    "event": ("event_id",),
}
_ENTITIES = Entities("Comment", _STATEMENT, model.Comment.__table__.c.id, _NEEDS)
COMMENTS = Listing(
    _STATEMENT,
    model.Comment.__table__.c.id,
    CommentType.of,
    needs=_NEEDS,
    default=[Order(model.Comment.__table__.c.id)],
)
