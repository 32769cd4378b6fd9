"""Counts by groups, of contacts and accounts."""

from typing import Any

import pytest

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

GROUPS = """query($filter: ContactFilter, $by: [ContactGrouping!]) { contactAggregate(filter: $filter, groupBy: $by) {
  count language createdMonth relationshipManager { id } } }"""


async def groups(office: Office, by: list[str], filter: dict[str, Any] | None = None) -> list[Any]:
    """Groups of contacts, their month aside."""
    told = (await office.data(GROUPS, Role.READER, by=by, filter=filter))["contactAggregate"]
    return [{name: value for name, value in group.items() if name != "createdMonth"} for group in told]


async def test_contacts_are_counted_by_what_they_have_in_common(house: House, office: Office) -> None:
    manager = office.id_of(Role.READER)
    await office.a_contact(language="fr", relationshipManagerId=manager)
    await office.a_contact(language="fr")
    gone = await office.a_contact(language="fr")
    await office.do("deleteContact", {"id": gone})
    await office.a_contact(language="en", relationshipManagerId=manager)
    await office.a_contact()
    other = await house.organization("Autre")
    await other.a_contact(language="fr")
    nobody: dict[str, Any] = {"relationshipManager": None}
    assert await groups(office, []) == [{"count": 4, "language": None, **nobody}]
    assert await groups(office, ["LANGUAGE"]) == [
        {"count": 1, "language": "en", **nobody},
        {"count": 2, "language": "fr", **nobody},
        {"count": 1, "language": None, **nobody},
    ]
    mine = {"relationshipManager": {"id": manager}}
    with statements(house) as seen:
        both = await groups(office, ["RELATIONSHIP_MANAGER", "LANGUAGE", "LANGUAGE"], {"language": {"isNull": False}})
    assert both == [
        {"count": 1, "language": "en", **mine},
        {"count": 1, "language": "fr", **mine},
        {"count": 1, "language": "fr", **nobody},
    ]
    assert len(seen) == 2, seen


async def test_months_are_those_of_the_organizations_clock(office: Office) -> None:
    await office.a_contact()
    created = (await office.data("{ contacts { edges { node { createdAt } } } }"))["contacts"]["edges"][0]["node"]
    told = (await office.data(GROUPS, by=["CREATED_MONTH"]))["contactAggregate"]
    assert [group["count"] for group in told] == [1]
    assert told[0]["createdMonth"][8:] == "01"
    assert abs(int(told[0]["createdMonth"][5:7]) - int(created["createdAt"][5:7])) in (0, 1, 11)


async def test_accounts_are_counted_by_status(office: Office) -> None:
    for name, status in (("A", "CLIENT"), ("B", "SUSPECT"), ("C", "CLIENT")):
        await office.an_account(name=name, status=status)
    query = "{ accountAggregate(groupBy: [STATUS]) { status count } }"
    assert (await office.data(query))["accountAggregate"] == [
        {"status": "CLIENT", "count": 2},
        {"status": "SUSPECT", "count": 1},
    ]


@pytest.mark.parametrize("by", [["LANGUAGE", "STATUS", "RELATIONSHIP_MANAGER", "CREATED_MONTH"]])
async def test_too_many_groups_are_refused(office: Office, by: list[str]) -> None:
    answer = await office.ask(GROUPS, by=by)
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "path": ["groupBy"]}
