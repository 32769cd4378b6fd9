"""Groups that find their members by a definition."""

from typing import Any

import pytest

from chassis.auth import Actor, Role
from services.contacts import model
from services.contacts.schema import definitions
from services.contacts.schema.lists import ContactFilter
from tests.contacts.groups.sets import a_group, agree, do, members, shown, uuid, work_off
from tests.contacts.house import Office, statements

PREVIEW = """query($d: ContactFilter!) { groupPreview(definition: $d, first: 2) {
    totalCount edges { node { id } } pageInfo { hasNextPage } } }"""


async def a_link(office: Office, contact: str, account: str, **values: Any) -> str:
    """An interlocutor's id."""
    made = await office.do("createInterlocutor", {"contactId": contact, "accountId": account, **values})
    assert made["__typename"] == "Interlocutor", made
    return str(made["id"])


async def test_contacts_come_and_go_as_they_change(office: Office) -> None:
    durand = await office.a_contact(familyName="Durand")
    martin = await office.a_contact(familyName="Martin")
    definition = {"familyName": {"startsWith": "dur"}}
    made = await do(office, "createGroup", name="Les D", definition=definition)
    assert (made["kind"], made["definition"], made["computed"]) == ("DYNAMIC", definition, False)
    assert members(made) == [durand], "asked as of now, before the worker"
    group = made["id"]
    assert await agree(office, group) == [durand]
    assert (await shown(office, group))["computed"]
    await office.do("updateContact", {"id": martin, "familyName": "Durieux"})
    await office.do("updateContact", {"id": durand, "familyName": "Lefèvre"})
    later = await office.a_contact(familyName="Durant")
    assert await agree(office, group) == sorted([martin, later])
    await office.do("deleteContact", {"id": martin})
    assert await agree(office, group) == [later]
    await office.do("restoreContact", {"id": martin})
    assert await agree(office, group) == sorted([martin, later])


async def test_a_company_and_a_link_decide_over_their_contacts(office: Office) -> None:
    zoe, luc = await office.a_contact(), await office.a_contact(givenName="Luc")
    port = await office.an_account(name="Boulangerie du Port", addresses=[{"lines": "1 quai", "city": "Nantes"}])
    in_nantes = await a_group(office, name="Nantes", definition={"account": {"city": {"eq": "Nantes"}}})
    definition = {"interlocutor": {"decisionMaker": {"eq": True}, "jobTitle": {"contains": "gérant"}}}
    deciders = await a_group(office, name="Décideurs", definition=definition)
    assert await agree(office, in_nantes) == await agree(office, deciders) == []
    link = await a_link(office, zoe, port, jobTitle="Gérante", decisionMaker=True)
    await a_link(office, luc, port, jobTitle="Gérant")
    assert await agree(office, in_nantes) == sorted([zoe, luc])
    assert await agree(office, deciders) == [zoe]
    await office.do("updateAccount", {"id": port, "addresses": [{"lines": "1 quai", "city": "Rezé"}]})
    assert await agree(office, in_nantes) == []
    await office.do("updateInterlocutor", {"id": link, "endedAt": "2026-11-01T00:00:00+01:00"})
    assert await agree(office, deciders) == []


async def test_a_manager_s_department_and_team_decide_over_their_contacts(office: Office) -> None:
    manager = office.id_of(Role.COLLABORATOR)
    zoe = await office.a_contact(relationshipManagerId=manager)
    group = await a_group(office, definition={"relationshipManager": {"department": {"eq": "Paie"}}})
    assert await agree(office, group) == []
    await office.do("updateCollaborator", {"id": manager, "department": "Paie"}, Role.ADMIN)
    assert await agree(office, group) == [zoe]


async def test_a_group_is_defined_by_another_one(office: Office) -> None:
    zoe, luc = await office.a_contact(), await office.a_contact(givenName="Luc")
    static = await a_group(office, name="Vœux", contactIds=[zoe])
    definition = {"group": {"in": [static]}, "not": {"givenName": {"eq": "Luc"}}}
    within = await a_group(office, name="Vœux sans Luc", definition=definition)
    around = await a_group(office, name="Les autres", definition={"not": {"group": {"eq": within}}})
    assert (await agree(office, within), await agree(office, around)) == ([zoe], [luc])
    await do(office, "addGroupMembers", id=static, contactIds=[luc])
    await do(office, "removeGroupMembers", id=static, contactIds=[zoe])
    assert (await agree(office, within), await agree(office, around)) == ([], sorted([zoe, luc]))
    used = await do(office, "deleteGroup", id=static)
    assert (used["__typename"], used["code"]) == ("WrongState", "GROUP_IN_USE")
    assert "Vœux sans Luc" in used["message"]
    for users in (around, within, static):
        assert (await do(office, "deleteGroup", id=users))["deletedAt"]
    early = await do(office, "restoreGroup", id=within)
    assert (early["__typename"], early["path"]) == ("NotFound", ["definition"])


async def test_groups_do_not_define_each_other(office: Office) -> None:
    first = await a_group(office, name="Un", definition={"email": {"isNull": False}})
    second = await a_group(office, name="Deux", definition={"group": {"eq": first}})
    third = await a_group(office, name="Trois", definition={"or": [{"not": {"group": {"in": [second]}}}]})
    for used in (first, second, third):
        refused = await do(office, "updateGroup", id=first, definition={"group": {"eq": used}})
        assert (refused["__typename"], refused["code"], refused["path"]) == (
            "InvalidInput", "GROUP_USES_ITSELF", ["definition"],
        )  # fmt: skip


async def test_a_new_definition_is_computed_anew(office: Office) -> None:
    zoe, luc = await office.a_contact(), await office.a_contact(givenName="Luc")
    group = await a_group(office, definition={"givenName": {"eq": "Zoé"}})
    assert await agree(office, group) == [zoe]
    await do(office, "updateGroup", id=group, definition={"givenName": {"eq": "Luc"}}, expectedVersion=1)
    assert await agree(office, group) == [luc]
    renamed = await do(office, "updateGroup", id=group, name="Lucs")
    assert (renamed["name"], renamed["definition"]) == ("Lucs", {"givenName": {"eq": "Luc"}})
    await do(office, "deleteGroup", id=group)
    await office.do("updateContact", {"id": luc, "givenName": "Lucas"})
    await work_off(office)
    await do(office, "restoreGroup", id=group)
    assert await agree(office, group) == []


async def test_a_definition_is_previewed_and_refused_as_when_it_is_saved(office: Office) -> None:
    for place in range(3):
        await office.a_contact(familyName=f"Durand {place}")
    found = (await office.data(PREVIEW, Role.READER, d={"familyName": {"startsWith": "Durand"}}))["groupPreview"]
    assert (found["totalCount"], len(found["edges"]), found["pageInfo"]["hasNextPage"]) == (3, 2, True)
    refused = await office.ask(PREVIEW, d={"deleted": True})
    assert refused["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "path": ["definition"]}


@pytest.mark.parametrize(("definition", "kind", "path"), [
    ({}, "InvalidInput", ["definition"]),
    ({"deleted": True}, "InvalidInput", ["definition"]),
    ({"or": [{"deleted": False}, {"email": {"isNull": True}}]}, "InvalidInput", ["definition"]),
    ({"group": {"eq": "group_01h455vb4pex5vsknk084sn02q"}}, "NotFound", ["definition"]),
    ({"group": {"eq": "team_01h455vb4pex5vsknk084sn02q"}}, "InvalidId", ["filter"]),
    ({"createdAt": {"gt": "2026-01-01T00:00:00"}}, "InvalidInput", ["filter"]),
    ({"account": {"contact": {"email": {"isNull": True}}}}, "InvalidInput", ["filter"]),
])  # fmt: skip
async def test_what_cannot_define_a_group(office: Office, definition: Any, kind: str, path: list[str]) -> None:
    refused = await do(office, "createGroup", name="Non", definition=definition)
    assert (refused["__typename"], refused["path"]) == (kind, path)


async def test_people_do_not_choose_the_members_of_a_dynamic_group(office: Office) -> None:
    zoe = await office.a_contact()
    dynamic, static = await a_group(office, definition={"email": {"isNull": False}}), await a_group(office, name="S")
    for mutation in ("addGroupMembers", "removeGroupMembers"):
        for chosen in ({"contactIds": [zoe]}, {"filter": {"email": {"isNull": True}}}):
            refused = await do(office, mutation, id=dynamic, **chosen)
            assert (refused["__typename"], refused["code"]) == ("WrongState", "GROUP_IS_DYNAMIC")
    for id, definition in ((static, {"email": {"isNull": False}}), (dynamic, None)):
        refused = await do(office, "updateGroup", id=id, definition=definition)
        assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["definition"])


@pytest.mark.parametrize("stored", [
    {"version": 2, "filter": {"email": {"isNull": False}}},
    {"version": 1, "filter": {"horoscope": {"eq": "Lion"}}},
    {"version": 1, "filter": {"group": {"eq": "group_x"}}},
])  # fmt: skip
async def test_a_definition_that_cannot_be_read_any_more_keeps_its_members_and_says_so(
    office: Office, stored: dict[str, Any]
) -> None:
    zoe = await office.a_contact()
    group = await a_group(office, definition={"givenName": {"eq": "Zoé"}})
    other = await a_group(office, name="Autre", definition={"givenName": {"eq": "Luc"}})
    assert await agree(office, group) == [zoe]
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        old = await work.session.get_one(model.Group, uuid(group))
        old.definition, old.refresh_due_at = stored, work.now
    luc = await office.a_contact(givenName="Luc")
    await work_off(office)
    kept = await shown(office, group)
    assert (members(kept), kept["memberCount"]) == ([zoe], 1)
    assert "cannot be computed any more" in kept["problem"]
    assert await agree(office, other) == [luc], "the others go on"
    repaired = await do(office, "updateGroup", id=group, definition={"givenName": {"eq": "Luc"}})
    assert repaired["problem"] is None
    assert await agree(office, group) == [luc]


def test_every_condition_is_written_and_read_in_the_words_of_the_schema() -> None:
    for name in ContactFilter.__dataclass_fields__:
        assert definitions._inside(definitions._outside(name)) == name


async def test_many_groups_of_many_contacts_take_as_many_statements_as_one(office: Office) -> None:
    counts = []
    for place in range(3):
        zoe = await office.a_contact(givenName=f"Zoé {place}")
        await a_group(office, name=f"Groupe {place}", contactIds=[zoe])
        with statements(office.house) as seen:
            await office.data(
                "{ contacts { edges { node { groups { id name memberCount } } } } \
                groups { totalCount edges { node { memberCount definition } } } }"
            )
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]


async def test_counting_and_paging_members_loads_no_more_than_the_page(office: Office) -> None:
    for place in range(5):
        await office.a_contact(familyName=f"Durand {place}")
    group = await a_group(office, definition={"familyName": {"startsWith": "Durand"}})
    query = "query($id: ID!) { group(id: $id) { members(first: 2) { totalCount edges { node { id } } } } }"
    with statements(office.house) as seen:
        found = (await office.data(query, id=group))["group"]["members"]
    assert (found["totalCount"], len(found["edges"])) == (5, 2)
    reads = [statement for statement in seen if "FROM contact" in statement]
    assert len(reads) == 2
    assert all("LIMIT" in statement or "count(" in statement for statement in reads)
