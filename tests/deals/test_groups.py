"""Copies of groups of contacts: differences that come late, twice or in another order, and the deals of a group."""

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id, parse_id
from chassis.sets import Difference
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.model import GROUPS
from services.deals.service import SERVICE
from tests.deals.house import Office
from tests.support.control import until

DEALS = "query($id: ID!) { deals(filter: {contactGroupId: {eq: $id}}) { edges { node { id } } } }"


async def tell_group(office: Office, id: str = "", version: int = 1, deleted: bool = False) -> str:
    """A group's id, told to deals."""
    id = id or format_id("group", new_id())
    body = pb.Group(id=id, name="Clients", deleted=deleted)
    await office.tell("group", parse_id("group", id), pb.GroupChanged(group=body), version)
    return id


async def tell_members(office: Office, group: str, version: int, **difference: Any) -> None:
    """A difference of a group's members, told to deals."""
    body = pb.GroupMembersChanged(group_id=group, **difference)
    await office.tell("group", parse_id("group", group), body, version)


async def a_group(office: Office, *contacts: str) -> str:
    """A group whose members deals knows."""
    group = await tell_group(office)
    await tell_members(office, group, 1, added_ids=contacts)
    await until(lambda: _has(office, group, len(contacts)), what="the members' copies")
    return group


async def _has(office: Office, group: str, many: int) -> bool:
    return len(await present(office, group)) == many


async def present(office: Office, group: str) -> set[str]:
    """The members in the copy."""
    member = GROUPS.members.c
    statement = select(member.member_id).where(member.set_id == parse_id("group", group), member.present)
    async with office.house.running.database.read(office.organization) as session:
        return {format_id("contact", id) for id in await session.scalars(statement)}


async def deals_of(office: Office, group: str) -> set[str]:
    """Ids of the deals that the filter finds."""
    found = await office.data(DEALS, id=group)
    return {edge["node"]["id"] for edge in found["deals"]["edges"]}


async def test_deals_are_filtered_by_a_group_of_their_contacts(office: Office) -> None:
    zoe, luc, ana = [await office.a_contact(given) for given in ("Zoé", "Luc", "Ana")]
    first = await office.a_deal(primaryContactId=zoe)
    second = await office.a_deal(primaryContactId=ana)
    await office.do("addParticipant", dealId=second, contactId=luc, part="conseil")
    await office.a_deal(primaryContactId=ana)
    group = await a_group(office, zoe, luc)
    assert await deals_of(office, group) == {first, second}
    none = "query($id: ID!) { deals(filter: {not: {contactGroupId: {in: [$id]}}}) { totalCount } }"
    assert (await office.data(none, id=group))["deals"]["totalCount"] == 1
    await tell_members(office, group, 2, removed_ids=[zoe])
    await until(lambda: _has(office, group, 1), what="Zoé left")
    assert await deals_of(office, group) == {second}
    await tell_group(office, group, version=2, deleted=True)
    await office.knows(await office.a_collaborator())

    async def nobody() -> bool:
        return not await deals_of(office, group)

    await until(nobody, what="a deleted group has no deals")


async def apply(office: Office, differences: list[Difference]) -> set[str]:
    """The members of a fresh copy after these differences, in this order."""
    group = new_id()
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        for one in differences:
            await GROUPS.differ(work, Difference(group, one.version, one.added, one.removed, one.reset))
    return await present(office, format_id("group", group))


async def test_differences_end_in_the_same_members_whatever_their_order(office: Office) -> None:
    a, b, c = new_id(), new_id(), new_id()
    told = [
        Difference(a, 1, [a, b], []),
        Difference(a, 2, [], [b]),
        Difference(a, 3, [], [], reset=True),
        Difference(a, 4, [b, c], []),
        Difference(a, 5, [], [c]),
    ]
    for order in itertools.permutations(told):
        assert await apply(office, [*order, order[0]]) == {format_id("contact", b)}


async def test_groups_are_rebuilt_from_the_stream(office: Office) -> None:
    zoe, luc = await office.a_contact(), await office.a_contact()
    group = await a_group(office, zoe, luc)
    await tell_members(office, group, 2, removed_ids=[luc])
    await until(lambda: _has(office, group, 1), what="Luc left")
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        await work.session.execute(GROUPS.sets.delete())
    assert await present(office, group) == set()
    for _ in range(2):
        inbox = SERVICE.inbox(office.house.running)
        await inbox.rebuild("LIANT_CONTACTS", ["liant.contacts.v1.>"], SERVICE.copies)
        assert await present(office, group) == {zoe}
        assert await deals_of(office, group) == set()


@pytest.mark.parametrize("id", ["group_x", "team_01h455vb4pex5vsknk084sn02q"])
async def test_an_id_of_another_kind_is_refused(office: Office, id: str) -> None:
    answer = await office.ask(DEALS, id=id)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_ID"
