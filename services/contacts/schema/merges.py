"""Merges as they are read: what one would give, and those that there were."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.identifiers import format_id
from services.contacts.merging import queries
from services.contacts.merging.plan import MergeField, plain
from services.contacts.model import DuplicateKind
from services.contacts.schema.duplicates import DuplicateReason, Party
from services.contacts.schema.organizations import Collaborator

if TYPE_CHECKING:
    from services.contacts.merging.preview import Preview

described(
    MergeField,
    "A field of which one value wins.",
    GIVEN_NAME="First name.",
    FAMILY_NAME="Last name.",
    LANGUAGE="The language to write in.",
    NAME="What the company is called.",
    SIREN="SIREN.",
    SIRET="SIRET.",
    VAT_NUMBER="VAT number.",
    WEBSITE="Its web site.",
    PARENT="The company it belongs to.",
    STATUS="Where your firm stands with it; the furthest one without a choice.",
    RELATIONSHIP_MANAGER="The collaborator in charge.",
    NOTES="What is good to know; all of it, one after the other, without a choice.",
)


@strawberry.type(description="What one of the merged says of a field.")
class MergeValue:
    """See merging.preview."""

    id: strawberry.ID = strawberry.field(description="Who says it.")
    value: str | None = strawberry.field(description="What it says; ids as TypeIDs.")


@strawberry.type(description="What a field would become.")
class MergeFieldPreview:
    """See merging.plan.Outcome."""

    field: MergeField = strawberry.field(description="Which field.")
    value: str | None = strawberry.field(description="What it would become.")
    from_id: strawberry.ID | None = strawberry.field(description="Whose value that is; null where it is of several.")
    conflict: bool = strawberry.field(description="Whether they say different things: somebody may want to choose.")
    values: list[MergeValue] = strawberry.field(description="What each says, the winner first.")


@strawberry.type(description="How much of something would follow to the winner.")
class MergeCount:
    """See merging.following."""

    what: str = strawberry.field(description="`interlocutor`, `contact_external_id`, `history_entry`, `picture`…")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    description="What a merge would give. What would follow in other services is told by `losers`: their deals, say."
)
class MergePreview:
    """See merging.preview."""

    told: strawberry.Private["Preview"]
    kind: DuplicateKind = strawberry.field(description="What is merged.")
    fields: list[MergeFieldPreview] = strawberry.field(description="Field by field.")
    emails: list[str] = strawberry.field(description="The winner's addresses after it, new ones last.")
    phones: list[str] = strawberry.field(description="The winner's numbers after it, new ones last.")
    addresses: list[str] = strawberry.field(description="The winner's places after it, new ones last.")
    follows: list[MergeCount] = strawberry.field(description="What would follow within contacts.")
    score: float = strawberry.field(description="How sure it is that the winner and the first loser are the same.")
    reasons: list[DuplicateReason] = strawberry.field(description="Why, or why not.")

    @strawberry.field(description="Who would win.")
    async def winner(self, info: Info) -> Party:
        """As it is now."""
        found: Party = await _party(info, self.kind, self.told.ids[0])
        return found

    @strawberry.field(description="Who would become part of the winner.")
    async def losers(self, info: Info) -> list[Party]:
        """As they are now."""
        return [await _party(info, self.kind, id) for id in self.told.ids[1:]]

    @classmethod
    def of(cls, told: "Preview") -> Self:
        """The pure form's."""
        prefix = told.kind.value.lower()
        return cls(
            told=told,
            kind=told.kind,
            fields=[
                MergeFieldPreview(
                    field=each.field,
                    value=_shown(each.field, each.value),
                    from_id=strawberry.ID(format_id(prefix, each.source)) if each.source else None,
                    conflict=each.conflict,
                    values=[
                        MergeValue(id=strawberry.ID(format_id(prefix, id)), value=_shown(each.field, value))
                        for id, value in told.values[each.field]
                    ],
                )
                for each in told.outcomes
            ],
            emails=told.lists.get("emails", []),
            phones=told.lists.get("phones", []),
            addresses=told.lists.get("addresses", []),
            follows=[MergeCount(what=what, count=count) for what, count in told.follows.items()],
            score=told.score,
            reasons=[DuplicateReason.of(reason) for reason in told.reasons],
        )


@strawberry.type(description="A field that a merge changed.")
class MergeChange:
    """See model.Merge."""

    field: MergeField = strawberry.field(description="Which field of the winner.")
    before: str | None = strawberry.field(description="What it was.")
    after: str | None = strawberry.field(description="What it became.")


@strawberry.type(description="One contact or account that became part of another; it can be undone.")
class Merge:
    """See model.Merge."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `merge_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    kind: DuplicateKind = strawberry.field(description="What was merged.")
    winner_id: strawberry.ID = strawberry.field(description="Who won.")
    loser_id: strawberry.ID = strawberry.field(description="Who became part of the winner; the id leads there.")
    at: datetime = strawberry.field(description="When.")
    undone_at: datetime | None = strawberry.field(description="When it was undone, if it was.")
    changes: list[MergeChange] = strawberry.field(description="What changed of the winner.")
    follows: list[MergeCount] = strawberry.field(description="What followed within contacts.")

    @strawberry.field(description="Who won, or what it became part of since.")
    async def winner(self, info: Info) -> Party:
        """One statement for all."""
        found: Party = await _party(info, self.kind, self.row.winner_id)
        return found

    @strawberry.field(description="Who did it.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.created_by_id)

    @strawberry.field(description="Who undid it.")
    async def undone_by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.undone_by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.MERGE."""
        prefix = row.kind.value.lower()
        return cls(
            row=row,
            id=strawberry.ID(format_id("merge", row.id)),
            version=row.version,
            kind=row.kind,
            winner_id=strawberry.ID(format_id(prefix, row.winner_id)),
            loser_id=strawberry.ID(format_id(prefix, row.loser_id)),
            at=row.created_at,
            undone_at=row.undone_at,
            changes=[_change(MergeField(name), *told) for name, told in row.changes.items() if name in _FIELDS],
            follows=[MergeCount(what=what, count=len(keys)) for what, keys in row.moved.items()],
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.load(queries.merges, id)
        return cls.of(row) if row else None


_FIELDS = frozenset(MergeField)


def _change(field: MergeField, before: Any, after: Any) -> MergeChange:
    return MergeChange(field=field, before=_shown(field, before), after=_shown(field, after))


def _shown(field: MergeField, value: Any) -> str | None:
    told = plain(value)
    if told is None:
        return None
    kind = {MergeField.RELATIONSHIP_MANAGER: "collaborator", MergeField.PARENT: "account"}.get(field)
    return str(told) if kind is None else format_id(kind, UUID(told))


async def _party(info: Info, kind: DuplicateKind, id: UUID) -> Any:
    from services.contacts.schema.accounts import Account
    from services.contacts.schema.contacts import Contact

    return await (Contact if kind is DuplicateKind.CONTACT else Account).load(info, id)
