"""Groups whose members people choose."""

from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from services.contacts.groups import membership
from tests.contacts.groups.sets import a_group, agree, do, due, kept, members, shown, told, work_off
from tests.contacts.house import House, Office


async def test_contacts_are_put_in_and_taken_out(office: Office) -> None:
    zoe, luc, ana = [await office.a_contact(givenName=name) for name in ("Zoé", "Luc", "Ana")]
    made = await do(office, "createGroup", name=" Vœux ", contactIds=[zoe, zoe])
    assert (made["name"], made["kind"], made["definition"], members(made)) == ("Vœux", "STATIC", None, [zoe])
    group = made["id"]
    added = await do(office, "addGroupMembers", id=group, contactIds=[zoe, luc, ana], expectedVersion=1)
    assert (members(added), added["version"]) == (sorted([zoe, luc, ana]), 2)
    left = await do(office, "removeGroupMembers", id=group, contactIds=[luc])
    assert members(left) == sorted([zoe, ana])
    stale = await do(office, "removeGroupMembers", id=group, contactIds=[ana], expectedVersion=1)
    assert stale["__typename"] == "VersionConflict"
    assert await agree(office, group) == sorted([zoe, ana])


async def test_those_who_match_a_filter_now_are_put_in_and_nobody_later(office: Office) -> None:
    before = [await office.a_contact(familyName=f"Durand {place}") for place in range(3)]
    await office.a_contact(familyName="Martin")
    group = await a_group(office)
    filter = {"familyName": {"startsWith": "Durand"}}
    assert members(await do(office, "addGroupMembers", id=group, filter=filter)) == sorted(before)
    await office.a_contact(familyName="Durand 4")
    assert await agree(office, group) == sorted(before)
    without = await do(office, "removeGroupMembers", id=group, filter={"familyName": {"eq": "Durand 1"}})
    assert members(without) == sorted([before[0], before[2]])
    assert await agree(office, group) == sorted([before[0], before[2]])


async def test_a_snapshot_larger_than_the_setting_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(3):
        await office.a_contact(familyName=f"Durand {place}")
    group, everybody = await a_group(office), {"familyName": {"isNull": False}}
    from services.contacts.commands import groups

    original = groups.add_matching

    async def narrow(work: Any, id: Any, chosen: Any, most: int, expected: Any) -> Any:
        assert most == office.house.running.settings.group_snapshot_max
        return await original(work, id, chosen, 2, expected)

    monkeypatch.setattr(groups, "add_matching", narrow)
    refused = await do(office, "addGroupMembers", id=group, filter=everybody)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["filter"])
    assert (await shown(office, group))["memberCount"] == 0
    assert (await do(office, "addGroupMembers", id=group, filter={"familyName": {"in": ["Durand 1"]}}))[
        "memberCount"
    ] == 1


async def test_a_deleted_contact_leaves_and_is_back_when_it_is_restored(office: Office) -> None:
    zoe, luc = await office.a_contact(), await office.a_contact(givenName="Luc")
    group = await a_group(office, contactIds=[zoe, luc])
    await office.do("deleteContact", {"id": zoe})
    assert members(await shown(office, group)) == [luc], "before the worker too"
    assert await agree(office, group) == [luc]
    await office.do("restoreContact", {"id": zoe})
    assert await agree(office, group) == sorted([zoe, luc])


async def test_large_changes_are_told_in_several_messages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "TOLD_AT_ONCE", 2)
    contacts = [await office.a_contact(givenName=f"N{place}") for place in range(5)]
    group = await a_group(office, contactIds=contacts)
    await do(office, "removeGroupMembers", id=group, contactIds=contacts[:3])
    sizes = [(len(message.added_ids), len(message.removed_ids)) for message in await told(office, group)]
    assert sizes == [(2, 0), (2, 0), (1, 0), (0, 2), (0, 1)]
    assert await agree(office, group) == sorted(contacts[3:])


async def test_a_deleted_group_is_nobodys_and_comes_back_with_its_members(office: Office) -> None:
    zoe = await office.a_contact()
    group = await a_group(office, contactIds=[zoe])
    assert (await do(office, "deleteGroup", id=group))["deletedAt"] is not None
    assert (await do(office, "addGroupMembers", id=group, contactIds=[zoe]))["__typename"] == "WrongState"
    query = "query($id: ID!) { contact(id: $id) { groups { id } } groups { totalCount } }"
    assert await office.data(query, id=zoe) == {"contact": {"groups": []}, "groups": {"totalCount": 0}}
    assert await kept(office, group) == []
    other = await a_group(office)
    assert (await do(office, "restoreGroup", id=group))["code"] == "GROUP_NAME_TAKEN"
    await do(office, "updateGroup", id=other, name="Autres")
    assert members(await do(office, "restoreGroup", id=group)) == [zoe]
    assert (await office.data(query, id=zoe))["contact"]["groups"] == [{"id": group}]


async def test_contacts_are_filtered_by_their_groups(office: Office) -> None:
    zoe, luc, ana = [await office.a_contact(givenName=name) for name in ("Zoé", "Luc", "Ana")]
    one = await a_group(office, contactIds=[zoe, luc])
    two = await a_group(office, name="Presse", contactIds=[luc])
    query = """query($one: ID!, $two: ID!) {
        either: contacts(filter: {group: {in: [$one, $two]}}) { totalCount }
        one: contacts(filter: {group: {eq: $one}, not: {group: {eq: $two}}}) { edges { node { id } } }
        none: contacts(filter: {group: {isNull: true}}) { edges { node { id } } } }"""
    found = await office.data(query, Role.READER, one=one, two=two)
    assert found["either"]["totalCount"] == 2
    assert [edge["node"]["id"] for edge in found["one"]["edges"]] == [zoe]
    assert [edge["node"]["id"] for edge in found["none"]["edges"]] == [ana]


@pytest.mark.parametrize(("values", "kind", "path"), [
    ({"name": ""}, "InvalidInput", ["name"]),
    ({"contactIds": [format_id("contact", new_id())]}, "NotFound", ["contactIds"]),
    ({"contactIds": ["contact_x"]}, "InvalidId", ["contactIds.0"]),
    ({"contactIds": [format_id("contact", new_id())] * 1001}, "InvalidInput", ["contactIds"]),
    ({"contactIds": [format_id("contact", new_id())], "definition": {"email": {"isNull": False}}},
     "InvalidInput", ["contactIds"]),
])  # fmt: skip
async def test_bad_values_are_refused(office: Office, values: dict[str, Any], kind: str, path: list[str]) -> None:
    refused = await do(office, "createGroup", **{"name": "Vœux", **values})
    assert (refused["__typename"], refused["path"]) == (kind, path)


@pytest.mark.parametrize("input", [{}, {"contactIds": []}, {"contactIds": ["contact_x"], "filter": {}}])
async def test_members_are_named_or_match_and_not_both(office: Office, input: dict[str, Any]) -> None:
    group = await a_group(office)
    for mutation in ("addGroupMembers", "removeGroupMembers"):
        refused = await do(office, mutation, id=group, **input)
        assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["contactIds"])


async def test_another_organizations_groups_and_contacts_are_not_there(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    zoe = await office.a_contact()
    group = await a_group(office, contactIds=[zoe])
    for refused in (
        await do(other, "updateGroup", id=group, name="Mien"),
        await do(other, "createGroup", name="Mien", contactIds=[zoe]),
    ):
        assert refused["__typename"] == "NotFound"
    assert await other.data("query($id: ID!) { group(id: $id) { id } }", id=group) == {"group": None}
    await work_off(other)
    assert await due(office) > 0, "one organization's turn leaves the others' changes"


async def test_a_group_is_exported(office: Office) -> None:
    zoe = await office.a_contact(givenName="Zoé", familyName="Lefèvre")
    await office.a_contact(givenName="Luc")
    static = await a_group(office, contactIds=[zoe])
    dynamic = await a_group(
        office, name="Les L", definition={"familyName": {"startsWith": "lef"}, "givenName": {"neq": "Luc"}}
    )
    query = "mutation($input: ExportGroupInput!) { result: exportGroup(input: $input) { \
        ... on Download { url } ... on Error { code } } }"
    for group in (static, dynamic):
        url = (await office.data(query, Role.COLLABORATOR, input={"id": group, "format": "CSV"}))["result"]["url"]
        lines = (await office.house.client.get(url)).text.splitlines()
        assert len(lines) == 2
        assert zoe in lines[1]
    missing = {"id": format_id("group", new_id()), "format": "CSV"}
    assert (await office.data(query, Role.COLLABORATOR, input=missing))["result"]["code"] == "NOT_FOUND"
