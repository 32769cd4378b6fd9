"""Documents by reference, close dates put off, and why somebody follows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.identifiers import format_id
from services.deals.queries import batches
from services.deals.schema.enums import Because, DocumentKind, FollowKind
from services.deals.schema.stubs import Collaborator
from services.deals.values.money import shown


@strawberry.type(description="Something kept elsewhere: its title and address.")
class Document:
    """See model.Document."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `document_…`.")
    title: str = strawberry.field(description="Its title.")
    url: str = strawberry.field(description="Where it is: http or https.")
    kind: DocumentKind = strawberry.field(description="What it is.")
    added_at: datetime = strawberry.field(description="When it was added.")
    removed_at: datetime | None = strawberry.field(description="When it was taken off, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("document", row.id)),
            title=row.title,
            url=row.url,
            kind=DocumentKind(row.kind),
            added_at=row.added_at,
            removed_at=row.removed_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """The document of an id; None where there is none."""
        row = await info.context.load(batches.documents, id)
        return None if row is None else cls.of(row)

    @strawberry.field(description="Who added it.")
    def added_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.added_by_id)


@strawberry.type(description="One time that an expected close was put off.")
class ClosePush:
    """See model.ClosePush."""

    row: strawberry.Private[Row[Any]]
    at: datetime = strawberry.field(description="When.")
    before: date = strawberry.field(description="What it was.")
    after: date = strawberry.field(description="What it became.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The push of a row."""
        return cls(row=row, at=row.at, before=row.before, after=row.after)

    @strawberry.field(description="Who put it off.")
    def by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.by_id)


@strawberry.type(description="A collaborator who follows a deal, and why.")
class Following:
    """See queries.followers."""

    collaborator: Collaborator = strawberry.field(description="Who.")
    because: list[Because] = strawberry.field(description="Why.")

    @classmethod
    def all_of(cls, rows: list[Row[Any]]) -> list[Self]:
        """Each collaborator once, with every reason."""
        reasons: dict[UUID, list[Because]] = {}
        for row in rows:
            reasons.setdefault(row.collaborator_id, []).append(Because(row.because[1:]))
        people = ((Collaborator.of(id), why) for id, why in reasons.items())
        return [cls(collaborator=one, because=[*dict.fromkeys(why)]) for one, why in people if one is not None]


@strawberry.type(description="Deals that a collaborator follows, whichever they are at the time.")
class FollowRule:
    """See model.FollowRule."""

    id: strawberry.ID = strawberry.field(description="TypeID, `follow_rule_…`.")
    kind: FollowKind = strawberry.field(description="Which deals.")
    amount: Decimal | None = strawberry.field(description="The floor of ABOVE_AMOUNT.")
    currency: str | None = strawberry.field(description="The currency of the floor.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The rule of a row."""
        return cls(
            id=strawberry.ID(format_id("follow_rule", row.id)),
            kind=FollowKind(row.kind),
            amount=None if row.amount is None else shown(row.amount, row.currency),
            currency=row.currency or None,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """The rule of an id; None where there is none."""
        row = await info.context.load(batches.follow_rules, id)
        return None if row is None else cls.of(row)
