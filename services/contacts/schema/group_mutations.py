"""Writing groups: input types, their parsing, the mutations."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, cast
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import IdFilter
from chassis.identifiers import parse_id
from services.contacts import queries
from services.contacts.commands import groups as commands
from services.contacts.model import CustomFieldSubject, TransferPurpose
from services.contacts.permissions import Rule
from services.contacts.schema import definitions
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.enums import FileFormat
from services.contacts.schema.frozen import frozen
from services.contacts.schema.groups import DEFINED, GroupType
from services.contacts.schema.import_mutations import Download, DownloadResult, address
from services.contacts.schema.lists import ContactFilter, on_contacts
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, required

MAX_AT_A_TIME = 1_000
_KNOWN = custom_fields_known(CustomFieldSubject.CONTACT)
_GIVEN = strawberry.argument(description="Which group, and what of it.")
GroupResult = Annotated[
    GroupType | CommonErrors, strawberry.union("GroupResult", description="The group, or why nothing was written.")
]


@strawberry.input(description="A new group: dynamic with a definition, static without.")
class CreateGroupInput(Write):
    """See commands.create_group."""

    name: str = strawberry.field(description="What it is called; no other group has this name.")
    description: str | None = field("What it is for.")
    definition: ContactFilter | None = field("Who is in it, from now on and as things change.")
    contact_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=f"The first members of a static group, at most {MAX_AT_A_TIME} at a time."
    )


@strawberry.input(description="What to change of a group; what is absent stays, null takes away.")
class UpdateGroupInput(Update):
    """See commands.update_group."""

    name: str | None = field("What it is called; no other group has this name.")
    description: str | None = field("What it is for.")
    definition: ContactFilter | None = field("Who is in a dynamic group, from now on.")


@strawberry.input(description="Contacts of a static group: named, or those who match a filter now.")
class GroupMembersInput(Update):
    """One of the two."""

    contact_ids: list[strawberry.ID] | None = field(f"Contacts, at most {MAX_AT_A_TIME} at a time.")
    filter: ContactFilter | None = field("Those who match now; whoever matches later is not concerned.")


@strawberry.input(description="Contacts to put into a static group; who is in it stays.")
class AddGroupMembersInput(GroupMembersInput):
    """See commands.add_members, commands.add_matching."""


@strawberry.input(description="Contacts to take out of a static group.")
class RemoveGroupMembersInput(GroupMembersInput):
    """See commands.remove_members, commands.remove_matching."""


@strawberry.input(description="Which group to delete.")
class DeleteGroupInput(Update):
    """See commands.delete_group."""


@strawberry.input(description="Which group to restore.")
class RestoreGroupInput(Update):
    """See commands.restore_group."""


@strawberry.input(description="Which group's members to fetch, as what.")
class ExportGroupInput:
    """See exporting."""

    id: strawberry.ID = strawberry.field(description="The group.")
    format: FileFormat = strawberry.field(description="As what.")


def _values(input: CreateGroupInput | UpdateGroupInput) -> commands.GroupValues:
    told = given(
        name=required(input.name, text.line, "name"),
        description=parsed(input.description, text.optional_note, "description"),
    )
    if isinstance(input.definition, ContactFilter):
        told["definition"] = definitions.written(input.definition)
        told["uses"] = sorted(definitions.groups_used(told["definition"]))
    elif input.definition is None and isinstance(input, UpdateGroupInput):
        raise InvalidInput("definition", "It can be changed, not taken away.")
    return cast("commands.GroupValues", told)


def _contacts(ids: Sequence[strawberry.ID]) -> list[UUID]:
    if len(ids) > MAX_AT_A_TIME:
        raise InvalidInput("contactIds", f"At most {MAX_AT_A_TIME} at a time; give a filter for more.")
    return list(dict.fromkeys(parse_id("contact", id, f"contactIds.{place}") for place, id in enumerate(ids)))


def _chosen(input: GroupMembersInput) -> tuple[list[UUID] | None, list[Any]]:
    """The contacts that are named, else the clauses of the filter."""
    named, filter = input.contact_ids or [], input.filter or None
    if bool(named) is (filter is not None):
        raise InvalidInput("contactIds", "Give either contacts or a filter that they match.")
    return (_contacts(named), []) if filter is None else (None, on_contacts(filter))


@strawberry.type
class GroupMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Make a group of contacts.", extensions=writing(Rule.WRITE_GROUPS))
    async def create_group(self, info: Info, input: Annotated[CreateGroupInput, _GIVEN]) -> GroupResult:
        """See commands.create_group."""
        values, members = _values(input), _contacts(input.contact_ids)
        await DEFINED(info, input.definition, None)
        return await _written(info, input, lambda work: commands.create_group(work, values, members))

    @strawberry.mutation(description="Change a group.", extensions=writing(Rule.WRITE_GROUPS))
    async def update_group(self, info: Info, input: Annotated[UpdateGroupInput, _GIVEN]) -> GroupResult:
        """See commands.update_group."""
        id, values = parse_id("group", input.id), _values(input)
        await DEFINED(info, input.definition, None)
        return await _written(info, input, lambda work: commands.update_group(work, id, values, input.expected_version))

    @strawberry.mutation(description="Put contacts into a static group.", extensions=writing(Rule.WRITE_GROUPS))
    async def add_group_members(self, info: Info, input: Annotated[AddGroupMembersInput, _GIVEN]) -> GroupResult:
        """See commands.add_members, commands.add_matching."""
        id, (members, clauses) = parse_id("group", input.id), _chosen(input)
        await _KNOWN(info, input.filter, None)

        async def act(work: UnitOfWork) -> UUID:
            if members is not None:
                return await commands.add_members(work, id, members, input.expected_version)
            most = info.context.tools.group_snapshot_max
            return await commands.add_matching(work, id, clauses, most, input.expected_version)

        return await _written(info, input, act)

    @strawberry.mutation(description="Take contacts out of a static group.", extensions=writing(Rule.WRITE_GROUPS))
    async def remove_group_members(self, info: Info, input: Annotated[RemoveGroupMembersInput, _GIVEN]) -> GroupResult:
        """See commands.remove_members, commands.remove_matching."""
        id, (members, clauses) = parse_id("group", input.id), _chosen(input)
        await _KNOWN(info, input.filter, None)

        async def act(work: UnitOfWork) -> UUID:
            if members is not None:
                return await commands.remove_members(work, id, members, input.expected_version)
            return await commands.remove_matching(work, id, clauses, input.expected_version)

        return await _written(info, input, act)

    @strawberry.mutation(description="Delete a group; it can be restored.", extensions=writing(Rule.WRITE_GROUPS))
    async def delete_group(self, info: Info, input: Annotated[DeleteGroupInput, _GIVEN]) -> GroupResult:
        """See commands.delete_group."""
        id = parse_id("group", input.id)
        return await _written(info, input, lambda work: commands.delete_group(work, id, input.expected_version))

    @strawberry.mutation(description="Take a deleted group back.", extensions=writing(Rule.WRITE_GROUPS))
    async def restore_group(self, info: Info, input: Annotated[RestoreGroupInput, _GIVEN]) -> GroupResult:
        """See commands.restore_group."""
        id = parse_id("group", input.id)
        return await _written(info, input, lambda work: commands.restore_group(work, id, input.expected_version))

    create_groups = batch_of(create_group, "create_groups", "Make groups.")
    update_groups = batch_of(update_group, "update_groups", "Change groups.")
    delete_groups = batch_of(delete_group, "delete_groups", "Delete groups; they can be restored.")
    restore_groups = batch_of(restore_group, "restore_groups", "Take deleted groups back.")

    @strawberry.mutation(description="The members of a group as a file.", extensions=writing(Rule.EXPORT_CONTACTS))
    async def export_group(self, info: Info, input: Annotated[ExportGroupInput, _GIVEN]) -> DownloadResult:
        """Who is in it when the file is fetched; of a definition that was not computed yet, who matches then."""
        key = parse_id("group", input.id)
        group = await GroupType.load(info, key)
        if group is None:
            raise NotFound("group", key)
        filter = ContactFilter(group=IdFilter(eq=group.id))
        if group.stored and group.refreshed_at is None:
            filter = definitions.read(group.stored)
        what = {"format": input.format.value, "filter": frozen(filter)}
        return Download(url=await address(info, TransferPurpose.CONTACTS, what))


async def _written(info: Info, input: Write, act: Callable[[UnitOfWork], Awaitable[UUID]]) -> GroupType:
    id = await once(info, input, act)
    return GroupType.of(await info.context.load(queries.groups, id))
