"""Group: a set of contacts, with its members."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, Row
from strawberry.scalars import JSON

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import FILTER, OLDEST, Listing, list_field
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.errors import DefinitionUnreadable
from services.contacts.schema import definitions
from services.contacts.schema.contacts import Contact
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.enums import GroupKind
from services.contacts.schema.lists import ContactFilter, GroupFilter, on_groups
from services.contacts.schema.orders import GROUP_COLUMNS, ContactOrder, GroupOrder
from services.contacts.schema.queries import CONTACTS
from services.contacts.schema.rules import reading


@strawberry.federation.type(
    name="Group", keys=["id"], description="A set of contacts: chosen by people, or found by a definition."
)
class GroupType:
    """See model.Group."""

    key: strawberry.Private[UUID]
    stored: strawberry.Private[definitions.Definition | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `group_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What it is for.")
    kind: GroupKind = strawberry.field(description="Who decides about its members.")
    member_count: int = strawberry.field(
        description="How many contacts are in it; of a dynamic group, as of the last change that was followed."
    )
    refreshed_at: datetime | None = strawberry.field(
        description="When a dynamic group was last computed over all contacts; changes are followed in between."
    )
    problem: str | None = strawberry.field(
        description="Why a dynamic group's definition cannot be computed; its members stay as they were."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="A dynamic group's definition: a ContactFilter as you may send it; null of others.")
    def definition(self) -> JSON | None:
        """In the words of the schema."""
        return JSON(self.stored["filter"]) if self.stored else None

    @strawberry.field(description="Whether a dynamic group has been computed since it was last defined.")
    def computed(self) -> bool:
        """Always, for a static one."""
        return self.stored is None or self.refreshed_at is not None

    @strawberry.field(description="Who is in it, deleted contacts left out; of a new definition, who matches now.")
    async def members(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[ContactFilter | None, FILTER] = None,
        order_by: Annotated[list[ContactOrder] | None, OLDEST] = None,
    ) -> Connection[Contact]:
        """By keyset; neither loaded nor counted unless asked for."""
        return await CONTACTS.page(info, filter_, order_by, (first, after, last, before), *self.clauses())

    def clauses(self) -> list[ColumnElement[bool]]:
        """What holds for its members: those who are kept; a definition is asked only until it was computed once."""
        try:
            if self.stored and self.refreshed_at is None:
                return definitions.clauses(self.stored)
        except DefinitionUnreadable:
            pass
        return [queries.is_member_of(self.key), model.Contact.deleted_at.is_(None)]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.GROUP."""
        return cls(
            key=row.id,
            stored=row.definition,
            id=strawberry.ID(format_id("group", row.id)),
            version=row.version,
            name=row.name,
            description=row.description,
            kind=row.kind,
            member_count=row.member_count,
            refreshed_at=row.refreshed_at,
            problem=row.problem,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("group", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.groups, id)
        return cls.of(row) if row else None


DEFINED = custom_fields_known(model.CustomFieldSubject.CONTACT, "definition")
"""Refuses a definition by fields that there are not."""
_NEEDS: Needs = dict.fromkeys(("computed", "members"), ("definition", "refreshed_at"))
_ENTITIES = Entities("Group", queries.GROUP, model.Group.id, _NEEDS)
GROUPS = Listing(queries.GROUP, model.Group.id, GroupType.of, on_groups, GROUP_COLUMNS, needs=_NEEDS)


@strawberry.type
class GroupQueries:
    """Fields of Query."""

    @strawberry.field(description="One group, deleted or not; null if there is none.", extensions=reading())
    async def group(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> GroupType | None:
        """By id."""
        return await GroupType.load(info, parse_id("group", id))

    groups = list_field(
        lambda: GROUPS,
        GroupType,
        filter=GroupFilter,
        order=GroupOrder,
        description="Groups, a page at a time.",
        extensions=reading(),
    )

    @strawberry.field(
        description="Who would be in a dynamic group of this definition, before it is saved; refused as saving it is.",
        extensions=reading(),
    )
    async def group_preview(
        self,
        info: Info,
        definition: Annotated[ContactFilter, strawberry.argument(description="Who is to be in it.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        order_by: Annotated[list[ContactOrder] | None, OLDEST] = None,
    ) -> Connection[Contact]:
        """Nothing is written."""
        chosen = definitions.clauses(definitions.written(definition))
        await DEFINED(info, definition, None)
        return await CONTACTS.page(info, None, order_by, (first, after, last, before), *chosen)
