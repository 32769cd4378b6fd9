"""Sharing rules beyond contacts and accounts themselves: groups, merges, imports, exchanges of cards."""

from typing import Any

import pytest
from sqlalchemy import text

from chassis.auth import Role
from services.contacts import model
from tests.contacts.groups.sets import a_group, do, members, shown, work_off
from tests.contacts.house import House, Office
from tests.contacts.test_sharing import a_firm, share

SEEN = """query($id: ID!) { group(id: $id) { memberCount members { totalCount edges { node { id } } } }
  large: groups(filter: {memberCount: {gte: 2}}, orderBy: [{field: MEMBER_COUNT}]) { totalCount } }"""


@pytest.mark.parametrize("how", ["contactIds", "definition"])
async def test_a_group_shows_and_counts_those_whom_one_sees(office: Office, how: str) -> None:
    ids = await a_firm(office)
    both = [ids["my contact"], ids["their contact"]]
    group = await a_group(office, **{how: both if how == "contactIds" else {"id": {"in": both}}})
    await work_off(office)
    await share(office, "OWN_PORTFOLIO")
    for role, expected in ((Role.ADMIN, sorted(both)), (Role.COLLABORATOR, both[:1]), (Role.READER, [])):
        told = await office.data(SEEN, role, id=group)
        assert members(told["group"]) == expected, role
        assert told["group"]["memberCount"] == told["group"]["members"]["totalCount"] == len(expected)
        assert told["large"]["totalCount"] == (len(expected) == 2)


async def test_nobody_is_put_into_a_group_or_out_of_it_unseen(office: Office) -> None:
    ids = await a_firm(office)
    group = await a_group(office, contactIds=[ids["their contact"]])
    await share(office, "OWN_PORTFOLIO")
    refused = await do(office, "addGroupMembers", id=group, contactIds=[ids["nobody's contact"]])
    assert (refused["code"], refused["path"]) == ("NOT_FOUND", ["contactIds"])
    everybody = {"deleted": False}
    await do(office, "addGroupMembers", id=group, filter=everybody)
    mine = [ids["my contact"], ids["speaks for my account"]]
    assert members(await shown(office, group)) == sorted([*mine, ids["their contact"]])
    await do(office, "removeGroupMembers", id=group, contactIds=[ids["their contact"]])
    await do(office, "removeGroupMembers", id=group, filter=everybody)
    assert members(await shown(office, group)) == [ids["their contact"]]


OTHERS = "{ merges { totalCount edges { node { id } } } contactImports { totalCount } cardExchanges { totalCount } }"
MERGE = """mutation($input: MergeContactsInput!) {
  result: mergeContacts(input: $input) { __typename ... on Error { path } } }"""
PREVIEW = "query($input: MergePreviewInput!) { mergePreview(input: $input) { score } }"
UNMERGE = "mutation($input: UnmergeInput!) { result: unmerge(input: $input) { __typename } }"
IMPORT = """mutation { startImport(input: {fileName: "a.csv"}) {
  ... on ImportStart { import { id } } ... on Error { message } } }"""
CANCEL = "mutation($input: CancelImportInput!) { result: cancelImport(input: $input) { __typename } }"


async def test_what_is_not_seen_is_neither_merged_nor_told_of(office: Office) -> None:
    ids = await a_firm(office)
    await share(office, "OWN_PORTFOLIO")
    both: dict[str, Any] = {"winnerId": ids["their contact"], "losers": [{"id": ids["nobody's contact"]}]}
    refused = await _result(office, MERGE, **both)
    assert refused == {"__typename": "NotFound", "path": ["winnerId"]}
    answer = await office.ask(PREVIEW, Role.COLLABORATOR, input=both)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await _result(office, MERGE, Role.ADMIN, **both))["__typename"] == "Contact"
    job = (await office.data(IMPORT, Role.ADMIN))["startImport"]["import"]["id"]
    told = await office.data(OTHERS)
    assert (told["merges"]["totalCount"], told["contactImports"]["totalCount"]) == (1, 1)
    unseen = await office.data(OTHERS, Role.COLLABORATOR)
    assert (unseen["merges"]["totalCount"], unseen["contactImports"]["totalCount"]) == (0, 0)
    merge = told["merges"]["edges"][0]["node"]["id"]
    assert (await _result(office, UNMERGE, id=merge))["__typename"] == "NotFound"
    assert (await _result(office, CANCEL, id=job))["__typename"] == "NotFound"


async def _result(office: Office, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    return (await office.data(mutation, role, input=input))["result"]


PARTS = {f"{kind}_{part}" for kind in ("contact", "account") for part in ("address", "email", "phone", "tag")}
WHY_NOT = {
    **dict.fromkeys(PARTS, "asked with rows that are seen"),
    "contact_custom_value": "asked with rows that are seen",
    "account_custom_value": "asked with rows that are seen",
    "contact_status_change": "asked with rows that are seen",
    "account_status_change": "asked with rows that are seen",
    "history_entry": "asked with rows that are seen",
    "picture": "asked with rows that are seen, or by an address that they gave",
    "bank_account": "administrators alone",
    "erasure": "administrators alone",
    "person_export": "administrators alone",
    "invitation": "administrators alone",
    "collaborator": "names the contact whom they were, who is asked for with the caller's eyes",
    "contact_external_id": "never shown",
    "contact_import_row": "never shown",
    "field_record": "never shown but to the telephone that wrote it",
}


async def test_every_table_that_names_somebody_is_shared_or_says_why_not(house: House) -> None:
    async with house.running.system.connect() as connection:
        found = await connection.execute(text("SELECT tablename FROM pg_policies WHERE policyname = 'portfolio'"))
        shared = {row.tablename for row in found}
    naming = {
        table.name
        for table in model.Base.metadata.tables.values()
        if any(key.column.table.name in ("contact", "account") for key in table.foreign_keys)
        or {"first_id", "winner_id", "contact_id", "account_id"} & set(table.columns.keys())
    }
    assert naming - shared == set(WHY_NOT)
