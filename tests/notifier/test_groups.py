"""Copies of groups of contacts: whom a publication to a group goes to."""

from uuid import UUID

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.notifier import queries
from tests.notifier.house import House


async def members(house: House, *groups: UUID, organization: UUID | None = None) -> list[UUID]:
    """The contacts in one of these groups."""
    async with house.database.unit_of_work(Actor.system(organization or house.organization)) as work:
        return list(await work.session.scalars(queries.members_of_groups(groups)))


async def test_whoever_is_in_one_of_the_groups_is_found_once(house: House) -> None:
    a, b, c = sorted(new_id() for _ in range(3))
    one, two = new_id(), new_id()
    for group, people in ((one, [a, b]), (two, [b, c])):
        ids = [format_id("contact", id) for id in people]
        difference = contacts.GroupMembersChanged(group_id=format_id("group", group), added_ids=ids)
        await house.receive(difference, "group", group)
        told = contacts.Group(id=format_id("group", group), name="Clients")
        await house.receive(contacts.GroupChanged(group=told), "group", group)
    assert await members(house, one, two) == [a, b, c]
    assert await members(house, one, two, organization=new_id()) == []
    left = contacts.GroupMembersChanged(group_id=format_id("group", one), removed_ids=[format_id("contact", a)])
    await house.receive(left, "group", one)
    assert await members(house, one) == [b]
    gone = contacts.Group(id=format_id("group", two), name="Clients", deleted=True)
    await house.receive(contacts.GroupChanged(group=gone), "group", two)
    assert await members(house, one, two) == [b]
